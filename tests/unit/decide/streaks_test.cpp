// SPDX-License-Identifier: Apache-2.0
#include "decide/streaks.h"

#include <gtest/gtest.h>

#include "tests/unit/decide/situation.h"

namespace rm::decide::test {
namespace {

TEST(Streaks, count_up_above_down_below_and_end_in_between) {
    Situation web;
    web.use(0.9, 0.1);
    web.checks(2);
    EXPECT_EQ(web.state.streaks, (Streaks{.cpu = 2, .memory = -2}));
    web.use(0.5, 0.5);
    web.check();
    EXPECT_EQ(web.state.streaks, Streaks{});
}

TEST(Streaks, the_other_side_starts_at_one) {
    Situation web;
    web.use(0.9, 0.1);
    web.checks(4);
    web.use(0.1, 0.9);
    web.check();
    EXPECT_EQ(web.state.streaks, (Streaks{.cpu = -1, .memory = 1}));
}

TEST(Streaks, a_gap_ends_what_leads_to_less_and_keeps_what_leads_to_more) {
    Situation web;
    web.use(0.9, 0.1);
    web.checks(2);
    web.replica().usage.cpu = tl::unexpected(Gap::stale);
    web.replica().usage.memory = tl::unexpected(Gap::stale);
    web.checks(2);
    EXPECT_EQ(web.state.streaks, (Streaks{.cpu = 2, .memory = 0}));
}

TEST(Streaks, a_replica_above_counts_although_another_has_a_gap) {
    Situation web;
    web.add_replica().usage.cpu = tl::unexpected(Gap::timeout);
    web.replica().usage.cpu = cores("0.45");
    const Verdict verdict = web.lasting();
    EXPECT_EQ(web.state.streaks.cpu, 3);
    ASSERT_TRUE(verdict.proposal);
    EXPECT_EQ(report(verdict, Gate::data, Resource::cpu).reason,
              "CPU is known of 1 of 2 replicas, and one above is enough");
}

TEST(Streaks, a_check_before_half_an_interval_counts_for_nothing) {
    Situation web;
    web.use(0.9, 0.1);
    web.check();
    const auto counted_at = web.state.last_check;
    web.now = *counted_at + 2min + 29s + 999ms;
    EXPECT_EQ(web.look().next.streaks.cpu, 1);
    EXPECT_EQ(web.look().next.last_check, counted_at);
    web.now = *counted_at + 2min + 30s;
    EXPECT_EQ(web.look().next.streaks.cpu, 2);
    EXPECT_EQ(web.look().next.last_check, web.now);
}

TEST(Streaks, many_early_checks_do_not_keep_the_next_one_from_counting) {
    Situation web;
    web.use(0.9, 0.5);
    for (int check = 0; check <= 10; ++check) {
        web.state = web.look().next;
        web.now += 1min;
    }
    EXPECT_EQ(web.state.streaks.cpu, 4);  // after 0, 3, 6 and 9 minutes
}

TEST(Streaks, survive_two_missed_checks_however_late_the_next_one_starts) {
    Situation web;
    web.use(0.9, 0.1);
    web.checks(2);
    web.now = *web.state.last_check + 15min + 1s;
    EXPECT_EQ(web.look().next.streaks, (Streaks{.cpu = 3, .memory = -3}));
}

TEST(Streaks, start_afresh_after_three_missed_checks) {
    Situation web;
    web.use(0.9, 0.1);
    web.checks(2);
    const auto last = *web.state.last_check;
    web.now = last + 17min + 29s + 999ms;
    EXPECT_EQ(web.look().next.streaks.cpu, 3);
    web.now = last + 17min + 30s;
    EXPECT_EQ(web.look().next.streaks, (Streaks{.cpu = 1, .memory = -1}));
}

TEST(Streaks, start_afresh_when_the_clock_was_set_back) {
    Situation web;
    web.use(0.9, 0.5);
    web.checks(2);
    web.now -= 24h;
    EXPECT_EQ(web.look().next.streaks.cpu, 1);
    EXPECT_EQ(web.look().next.last_check, web.now);
}

TEST(Streaks, a_service_that_is_down_keeps_only_what_leads_to_more) {
    Situation web;
    web.use(0.9, 0.1);
    web.checks(2);
    web.view.replicas.clear();
    const Verdict verdict = web.check();
    EXPECT_EQ(verdict.summary, "held by data: no replica is running");
    EXPECT_EQ(web.state.streaks.memory, 0);
}

}  // namespace
}  // namespace rm::decide::test
