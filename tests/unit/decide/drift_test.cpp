// SPDX-License-Identifier: Apache-2.0
#include "decide/drift.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/decide/situation.h"

namespace rm::decide::test {
namespace {

using testing::HasSubstr;

/// Deployment 7 gave web 1 CPU and 1G an hour ago; it runs with the 0.5 and 512M of its file.
Situation drifted(config::OnDrift answer) {
    Situation made;
    made.policy.deployment.on_drift = answer;
    made.view.applied = Applied{
        .deployment = 7, .at = made.now - 1h, .limits = {.cpu = Cores::whole(1), .memory = bytes("1G")}};
    return made;
}

TEST(Drift, other_limits_than_those_of_the_last_deployment_are_news_once) {
    Situation web = drifted(config::OnDrift::accept);
    const Verdict first = web.check();
    ASSERT_TRUE(first.next.drift);
    EXPECT_TRUE(first.drift_seen);
    EXPECT_EQ(first.summary,
              "somebody else set 0.5 CPU, 512M in the place of 1 CPU, 1G from deployment 7, which holds "
              "from now on: its history starts again");
    const Verdict second = web.check();
    EXPECT_FALSE(second.drift_seen);
    EXPECT_EQ(second.next.drift, first.next.drift);
    EXPECT_FALSE(second.proposal);
}

TEST(Drift, accepted_it_starts_the_history_again_but_not_the_days_count) {
    Situation web = drifted(config::OnDrift::accept);
    web.state.streaks = {.cpu = 2, .memory = -2};
    web.state.last_adjustment = web.now - 5min;
    web.state.last_oom = web.now - 1h;
    web.state.adjustments = {.day = "2026-03-10", .count = 3};
    const Verdict seen = web.check();
    EXPECT_EQ(seen.next.streaks, Streaks{});
    EXPECT_FALSE(seen.next.last_adjustment);
    EXPECT_FALSE(seen.next.last_oom);
    EXPECT_EQ(seen.next.adjustments.count, 3);
    web.use(0.9, 0.5);
    EXPECT_FALSE(web.checks(2).proposal);
    EXPECT_TRUE(web.check().proposal) << "three checks that agree, and no cooldown";
}

TEST(Drift, ours_are_wanted_back_when_two_checks_saw_it) {
    Situation web = drifted(config::OnDrift::reapply);
    web.state.last_adjustment = web.now - 1min;
    web.replica().started_at = web.now - 1min;
    const Verdict first = web.check();
    EXPECT_TRUE(first.drift_seen);
    EXPECT_FALSE(first.proposal);
    EXPECT_THAT(first.summary, HasSubstr("held by hysteresis: somebody else set 0.5 CPU, 512M"));
    const Verdict second = web.check();
    ASSERT_TRUE(second.proposal) << second.summary;
    EXPECT_EQ(second.proposal->from, (Limits{.cpu = cores("0.5"), .memory = bytes("512M")}));
    EXPECT_EQ(second.proposal->to, (Limits{.cpu = Cores::whole(1), .memory = bytes("1G")}));
    EXPECT_EQ(second.proposal->reason,
              "CPU 0.5 -> 1: set again as by deployment 7, after somebody else changed it; memory 512M -> "
              "1G: set again as by deployment 7, after somebody else changed it");
}

TEST(Drift, only_what_differs_comes_back) {
    Situation web = drifted(config::OnDrift::reapply);
    web.view.applied->limits.memory = bytes("512M");
    web.check();
    const Verdict back = web.check();
    ASSERT_TRUE(back.proposal);
    EXPECT_EQ(back.proposal->to, (Limits{.cpu = Cores::whole(1), .memory = bytes("512M")}));
}

TEST(Drift, a_pause_a_backoff_and_the_days_limit_hold_what_is_wanted_back) {
    Situation web = drifted(config::OnDrift::reapply);
    web.check();
    Situation paused = web;
    paused.view.pause = Pause{.until = {}, .reason = "sale"};
    EXPECT_THAT(paused.check().summary, HasSubstr("held by paused"));
    Situation failed = web;
    failed.view.backoff = Backoff{.failures = 1, .until = web.now + 1h};
    EXPECT_THAT(failed.check().summary, HasSubstr("held by backoff"));
    Situation often = web;
    often.state.adjustments = {.day = "2026-03-10", .count = 6};
    EXPECT_THAT(often.check().summary, HasSubstr("held by daily_limit"));
}

TEST(Drift, less_comes_back_only_as_far_as_the_usage_allows) {
    Situation web = drifted(config::OnDrift::reapply);
    web.view.applied->limits = {.cpu = cores("0.2"), .memory = bytes("256M")};
    web.use(0.2, 0.6);
    web.check();
    const Verdict back = web.check();
    ASSERT_TRUE(back.proposal) << back.summary;
    EXPECT_EQ(back.proposal->to.cpu, cores("0.2"));
    EXPECT_EQ(back.proposal->to.memory, bytes("384M")) << "308M are used, and 80% of it is the threshold";
    web.replica().usage.memory = tl::unexpected(Gap::stale);
    EXPECT_EQ(report(web.check(), Gate::data, Resource::memory).outcome, Outcome::held);
    web.policy.service_class = config::ServiceClass::critical;
    EXPECT_FALSE(web.check().proposal);
}

TEST(Drift, a_deployment_under_way_or_one_that_ended_since_is_none) {
    Situation web = drifted(config::OnDrift::accept);
    web.view.under_way = "deployment 8 is under way (drain)";
    EXPECT_FALSE(web.check().next.drift);
    web.view.under_way.clear();
    web.view.applied->at = web.now;  // what was seen is older
    EXPECT_FALSE(web.check().next.drift);
    web.view.applied.reset();  // it failed, and nobody knows
    EXPECT_FALSE(web.check().next.drift);
}

TEST(Drift, how_an_engine_counts_and_what_was_never_limited_is_none) {
    Situation web = drifted(config::OnDrift::accept);
    web.view.applied->limits = {.cpu = Cores::from_nanos(500'100'000), .memory = {}};
    EXPECT_FALSE(web.check().next.drift);
}

TEST(Drift, one_replica_is_enough_and_comes_back_alone) {
    Situation web = drifted(config::OnDrift::reapply);
    web.replica().limits = web.view.applied->limits;
    web.add_replica().limits = {.cpu = cores("0.5"), .memory = bytes("1G")};
    web.use(0.5, 0.5);
    EXPECT_EQ(web.check().next.drift->found.cpu, cores("0.5"));
    const Verdict back = web.check();
    ASSERT_TRUE(back.proposal) << back.summary;
    EXPECT_EQ(back.proposal->from.cpu, cores("0.5"));
    EXPECT_EQ(back.proposal->to.cpu, Cores::whole(1));
}

TEST(Drift, ends_when_the_limits_are_ours_again_or_another_deployment_set_them) {
    Situation web = drifted(config::OnDrift::accept);
    web.check();
    Situation again = web;
    again.limit(Cores::whole(1), bytes("1G"));
    EXPECT_FALSE(again.check().next.drift);
    web.view.applied = Applied{
        .deployment = 8, .at = web.now - 1min, .limits = {.cpu = cores("0.5"), .memory = bytes("512M")}};
    EXPECT_FALSE(web.check().next.drift);
}

TEST(Drift, limits_that_change_once_more_are_news_again) {
    Situation web = drifted(config::OnDrift::accept);
    web.check();
    web.state.streaks.cpu = 2;
    web.limit(cores("0.7"), bytes("512M"));
    const Verdict again = web.check();
    EXPECT_TRUE(again.drift_seen);
    EXPECT_EQ(again.next.streaks.cpu, 0);
}

TEST(Drift, what_dry_run_would_bring_back_it_takes_for_done) {
    Situation web = drifted(config::OnDrift::reapply);
    web.check();
    const Verdict back = web.check();
    ASSERT_TRUE(back.proposal);
    web.state = after_adjustment(back.next, *back.proposal, web.policy, web.now, true);
    const Verdict after = web.check();
    EXPECT_FALSE(after.proposal) << after.summary;
    EXPECT_EQ(after.in_force.cpu, Cores::whole(1));
    EXPECT_TRUE(after.next.drift) << "in truth it is still there";
}

}  // namespace
}  // namespace rm::decide::test
