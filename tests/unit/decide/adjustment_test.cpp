// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/unit/decide/situation.h"

namespace rm::decide::test {
namespace {

Proposal more_cpu() {
    return {.from = {.cpu = cores("0.5"), .memory = bytes("512M")},
            .to = {.cpu = cores("0.63"), .memory = bytes("512M")}};
}

TEST(Adjustment, starts_the_cooldown_counts_and_ends_the_streak_of_what_changed) {
    Situation web;
    web.state.streaks = {.cpu = 3, .memory = 2};
    const ServiceState after = after_adjustment(web.state, more_cpu(), web.policy, web.now, false);
    EXPECT_EQ(after.last_adjustment, web.now);
    EXPECT_EQ(after.adjustments, (DayCount{.day = "2026-03-10", .count = 1}));
    EXPECT_EQ(after.oom_raises, DayCount{});
    EXPECT_EQ(after.streaks, (Streaks{.cpu = 0, .memory = 2}));
    EXPECT_FALSE(after.assumed);
}

TEST(Adjustment, an_oom_raise_with_cpu_counts_as_both) {
    Situation web;
    Proposal proposal = more_cpu();
    proposal.to.memory = bytes("717M");
    proposal.oom = true;
    const ServiceState after = after_adjustment(web.state, proposal, web.policy, web.now, false);
    EXPECT_EQ(after.adjustments.count, 1);
    EXPECT_EQ(after.oom_raises.count, 1);
}

TEST(Adjustment, counts_in_the_day_of_the_configured_zone) {
    Situation web;
    web.policy.adjustment.timezone = "Asia/Tokyo";
    web.state.adjustments = {.day = "2026-03-10", .count = 4};
    const auto after = [&](Duration time) {
        return after_adjustment(web.state, more_cpu(), web.policy, at("2026-03-10", time), false).adjustments;
    };
    EXPECT_EQ(after(14h + 59min), (DayCount{.day = "2026-03-10", .count = 5}));
    EXPECT_EQ(after(15h), (DayCount{.day = "2026-03-11", .count = 1}));
}

TEST(Adjustment, assumed_limits_are_in_force_while_the_real_ones_stay) {
    Situation web;
    web.use(0.9, 0.5);
    const Verdict first = web.lasting();
    web.state = after_adjustment(web.state, first.proposal.value(), web.policy, web.now, true);
    EXPECT_EQ(print(web.look().in_force), "0.63 CPU, 512M");
    EXPECT_EQ(web.look().signals[0].of_limit, Ratio(0.45 / 0.63));
    EXPECT_EQ(web.look().cpu, Wish::keep);
    web.use(1.2, 0.5);
    web.now += 30min;
    web.state.streaks.cpu = 2;
    web.state.last_check = web.now - 5min;
    const Verdict second = web.check();
    EXPECT_EQ(second.proposal.value().from.cpu, cores("0.63"));
    web.state = after_adjustment(web.state, *second.proposal, web.policy, web.now, true);
    EXPECT_EQ(web.look().in_force.cpu, cores("0.79"));
    web.replica().limits.cpu = cores("2");
    EXPECT_EQ(web.look().in_force.cpu, cores("2"));
    EXPECT_FALSE(web.look().next.assumed);
}

TEST(Adjustment, assumed_limits_survive_that_nothing_runs) {
    Situation web;
    web.state = after_adjustment(web.state, more_cpu(), web.policy, web.now, true);
    const auto running = web.view.replicas;
    web.view.replicas.clear();
    web.check();
    web.view.replicas = running;
    EXPECT_EQ(web.look().in_force.cpu, cores("0.63"));
}

TEST(Adjustment, in_earnest_nothing_is_assumed_any_more) {
    Situation web;
    web.state = after_adjustment(web.state, more_cpu(), web.policy, web.now, true);
    EXPECT_TRUE(web.state.assumed);
    EXPECT_FALSE(after_adjustment(web.state, more_cpu(), web.policy, web.now, false).assumed);
}

TEST(Assumptions, what_dry_run_assumed_is_forgotten_with_the_adjustment_that_never_was) {
    Situation web;
    web.state.streaks = {.cpu = 1, .memory = 2};
    web.state.last_oom = web.now;
    const ServiceState assumed = after_adjustment(web.state, more_cpu(), web.policy, web.now, true);
    ASSERT_TRUE(assumed.assumed);
    const ServiceState real = without_assumptions(assumed);
    EXPECT_FALSE(real.assumed);
    EXPECT_FALSE(real.last_adjustment);
    EXPECT_EQ(real.adjustments, DayCount{});
    EXPECT_EQ(real.streaks, Streaks{});
    EXPECT_EQ(real.last_oom, web.now);
}

TEST(Assumptions, without_any_the_state_stays) {
    Situation web;
    web.state.streaks = {.cpu = 1, .memory = 2};
    const ServiceState after = after_adjustment(web.state, more_cpu(), web.policy, web.now, false);
    EXPECT_EQ(without_assumptions(after), after);
}

}  // namespace
}  // namespace rm::decide::test
