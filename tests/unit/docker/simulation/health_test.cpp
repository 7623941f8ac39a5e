// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/health.h"

#include <gtest/gtest.h>

namespace rm::docker {
namespace {

using namespace std::chrono_literals;

const SteadyTime start{1h};
const HealthCheck every_ten{.interval = 10s, .timeout = 1s, .start_period = 25s, .retries = 3};

class SimulatedHealthTest : public testing::Test {
protected:
    SimulatedHealthTest() { health.begin(every_ten, start); }

    HealthState probe(std::int64_t exit_code) {
        health.take({.at = {}, .outcome = {.exit_code = exit_code, .output = "x"}});
        return health.state();
    }

    SimulatedHealth health;
};

TEST_F(SimulatedHealthTest, the_first_probe_is_an_interval_after_the_start) {
    EXPECT_EQ(health.state(), HealthState::starting);
    EXPECT_EQ(health.next(), start + 10s);
    EXPECT_EQ(probe(0), HealthState::healthy);
    EXPECT_EQ(health.next(), start + 20s);
}

TEST_F(SimulatedHealthTest,
       while_it_starts_the_start_interval_counts_until_it_is_healthy_or_the_period_over) {
    HealthCheck quick = every_ten;
    quick.start_interval = 9s;
    health.begin(quick, start);
    EXPECT_EQ(health.next(), start + 9s);
    (void)probe(1);
    EXPECT_EQ(health.next(), start + 18s);
    SimulatedHealth other = health;
    (void)probe(0);
    EXPECT_EQ(health.next(), start + 28s) << "healthy";
    health = other;
    (void)probe(1);
    (void)probe(1);  // after 27 s
    EXPECT_EQ(health.next(), start + 37s) << "the period is over";
}

TEST_F(SimulatedHealthTest, failures_in_the_start_period_do_not_count) {
    EXPECT_EQ(probe(1), HealthState::starting);  // after 10 s
    EXPECT_EQ(probe(1), HealthState::starting);  // 20 s
    EXPECT_EQ(health.failing_streak(), 0);
    EXPECT_EQ(probe(1), HealthState::starting);  // 30 s: the first that counts
    EXPECT_EQ(probe(1), HealthState::starting);
    EXPECT_EQ(probe(1), HealthState::unhealthy);
}

TEST_F(SimulatedHealthTest, but_those_after_the_first_success_do) {
    EXPECT_EQ(probe(0), HealthState::healthy);
    EXPECT_EQ(probe(1), HealthState::healthy);  // after 20 s, within the start period
    EXPECT_EQ(health.failing_streak(), 1);
    EXPECT_EQ(probe(1), HealthState::healthy);
    EXPECT_EQ(probe(1), HealthState::unhealthy);
    EXPECT_EQ(probe(0), HealthState::healthy);
    EXPECT_EQ(health.failing_streak(), 0);
}

TEST_F(SimulatedHealthTest, only_failures_in_a_row_count) {
    (void)probe(0);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(probe(1), HealthState::healthy);
        EXPECT_EQ(probe(1), HealthState::healthy);
        EXPECT_EQ(probe(0), HealthState::healthy);
    }
}

TEST_F(SimulatedHealthTest, the_last_five_probes_are_kept) {
    for (int i = 0; i < 7; ++i) (void)probe(i);
    ASSERT_EQ(health.log().size(), 5U);
    EXPECT_EQ(health.log().front().outcome.exit_code, 2);
    EXPECT_EQ(health.log().back().outcome.exit_code, 6);
}

TEST_F(SimulatedHealthTest, its_end_is_unhealthy_and_a_new_start_begins_anew) {
    (void)probe(0);
    health.end();
    EXPECT_EQ(health.state(), HealthState::unhealthy);
    EXPECT_EQ(health.next(), std::nullopt);
    health.begin(every_ten, start + 1h);
    EXPECT_EQ(health.state(), HealthState::starting);
    EXPECT_EQ(health.next(), start + 1h + 10s);
    EXPECT_TRUE(health.log().empty());
}

TEST_F(SimulatedHealthTest, without_a_check_there_is_none) {
    health.begin(std::nullopt, start);
    EXPECT_EQ(health.state(), HealthState::none);
    EXPECT_EQ(health.next(), std::nullopt);
    health.end();
    EXPECT_EQ(health.state(), HealthState::none);
}

}  // namespace
}  // namespace rm::docker
