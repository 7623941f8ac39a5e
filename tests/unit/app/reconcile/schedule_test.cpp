// SPDX-License-Identifier: Apache-2.0
#include "app/reconcile/schedule.h"

#include <gtest/gtest.h>

namespace rm::app {
namespace {

using namespace std::chrono_literals;

constexpr SteadyTime start = SteadyTime(100s);

TEST(Schedule, checks_stay_on_the_grid_however_long_each_takes) {
    Schedule schedule(start);
    EXPECT_EQ(schedule.next(10s, start + 3s), 0);
    EXPECT_EQ(schedule.due(), start + 10s);
    EXPECT_EQ(schedule.next(10s, start + 19s), 0);
    EXPECT_EQ(schedule.due(), start + 20s);
}

TEST(Schedule, a_check_that_lasts_too_long_costs_the_ones_after_it_and_brings_no_burst) {
    Schedule schedule(start);
    EXPECT_EQ(schedule.next(10s, start + 35s), 3);
    EXPECT_EQ(schedule.due(), start + 40s);
    EXPECT_EQ(schedule.next(10s, start + 41s), 0);
    EXPECT_EQ(schedule.due(), start + 50s);
}

TEST(Schedule, one_that_ends_on_a_grid_point_leaves_that_point_out) {
    Schedule schedule(start);
    EXPECT_EQ(schedule.next(10s, start + 10s), 1);
    EXPECT_EQ(schedule.due(), start + 20s);
}

TEST(Schedule, a_new_interval_counts_from_the_last_check) {
    Schedule schedule(start);
    EXPECT_EQ(schedule.next(1min, start + 1s), 0);
    EXPECT_EQ(schedule.next(5s, start + 61s), 0);
    EXPECT_EQ(schedule.due(), start + 65s);
}

TEST(PauseAfter, the_first_failure_costs_nothing_and_many_a_minute) {
    EXPECT_EQ(pause_after(0), 0s);
    EXPECT_EQ(pause_after(1), 0s);
    EXPECT_EQ(pause_after(2), 1s);
    EXPECT_EQ(pause_after(3), 2s);
    EXPECT_EQ(pause_after(8), 1min);
    EXPECT_EQ(pause_after(1'000'000), 1min);
}

}  // namespace
}  // namespace rm::app
