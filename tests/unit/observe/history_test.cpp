// SPDX-License-Identifier: Apache-2.0
#include "observe/history.h"

#include <gtest/gtest.h>

namespace rm::observe {
namespace {

using namespace std::chrono_literals;

constexpr Reach reach{.window = 5min, .trend = 1h};

/// A container whose counters the test moves on.
class HistoryTest : public testing::Test {
protected:
    void sample(Duration step, std::chrono::nanoseconds cpu, Bytes memory = Bytes::mebi(100)) {
        now_ += step;
        stats_.read_at += step;
        stats_.cpu_total += cpu;
        stats_.memory_working_set = memory;
        history_.add(stats_, now_, reach, config::MemoryMetric::working_set);
    }
    void run(Duration time, double cores, Bytes memory = Bytes::mebi(100)) {
        for (Duration passed{0}; passed < time; passed += 15s)
            sample(15s, std::chrono::nanoseconds(static_cast<std::int64_t>(cores * 15e9)), memory);
    }

    History history_;
    docker::Stats stats_;
    SteadyTime now_{1h};
};

TEST_F(HistoryTest, knows_nothing_until_a_whole_window_was_seen) {
    EXPECT_EQ(history_.cpu(5min).error(), Gap::absent);
    run(4min, 1);
    EXPECT_EQ(history_.cpu(5min).error(), Gap::warming_up);
    EXPECT_EQ(history_.memory_peak(5min).error(), Gap::warming_up);
    run(75s, 1);
    EXPECT_NEAR(history_.cpu(5min).value().value(), 1, 0.001);
    EXPECT_EQ(history_.memory_peak(5min).value(), Bytes::mebi(100));
    EXPECT_EQ(history_.cpu_trend(1h).error(), Gap::warming_up);
}

TEST_F(HistoryTest, averages_cpu_over_the_window_and_over_the_trend) {
    run(55min, 0.2);
    run(5min, 1.4);
    EXPECT_NEAR(history_.cpu(5min).value().value(), 1.4, 0.1);
    EXPECT_NEAR(history_.cpu_trend(1h).value().value(), 0.3, 0.02);
}

TEST_F(HistoryTest, a_counter_that_starts_again_is_taken_to_have_gone_on) {
    run(10min, 1);
    stats_.cpu_total = 0ns;
    run(2min, 1);
    EXPECT_NEAR(history_.cpu(5min).value().value(), 1, 0.001);
}

TEST_F(HistoryTest, keeps_the_highest_memory_of_the_window_and_forgets_it_after) {
    run(10min, 0);
    sample(15s, 0s, Bytes::mebi(700));
    run(4min, 0);
    EXPECT_EQ(history_.memory_peak(5min).value(), Bytes::mebi(700));
    run(90s, 0);
    EXPECT_EQ(history_.memory_peak(5min).value(), Bytes::mebi(100));
}

TEST_F(HistoryTest, averages_memory_over_the_trend) {
    run(30min, 0, Bytes::mebi(100));
    run(30min, 0, Bytes::mebi(300));
    EXPECT_NEAR(static_cast<double>(history_.memory_trend(1h).value().count()), 200 * 1048576.0,
                4 * 1048576.0);
}

TEST_F(HistoryTest, tells_the_share_of_throttled_periods) {
    run(10min, 0);
    for (int i = 0; i < 21; ++i) {
        stats_.cpu_periods += 100;
        stats_.cpu_throttled_periods += 25;
        sample(15s, 0s);
    }
    EXPECT_NEAR(history_.throttled(5min).value().value(), 0.25, 0.001);
    run(10min, 0);
    EXPECT_EQ(history_.throttled(5min).value(), Ratio(0));
}

TEST_F(HistoryTest, passes_over_a_sample_that_the_engine_gives_again) {
    run(10min, 1);
    const SteadyTime last = history_.last_at();
    history_.add(stats_, now_ + 1min, reach, config::MemoryMetric::working_set);
    EXPECT_EQ(history_.last_at(), last);
}

TEST_F(HistoryTest, makes_do_with_the_few_samples_of_a_slow_engine) {
    for (int i = 0; i < 60; ++i) {
        sample(100s, 50s);
        if (i <= 3) continue;
        EXPECT_NEAR(history_.cpu(5min).value().value(), 0.5, 0.001) << i;
    }
}

TEST_F(HistoryTest, does_not_average_over_a_time_in_which_nobody_looked) {
    run(10min, 1);
    sample(1h, 1min);
    run(2min, 1);
    EXPECT_EQ(history_.cpu(5min).error(), Gap::warming_up);
    run(4min, 1);
    EXPECT_NEAR(history_.cpu(5min).value().value(), 1, 0.001);
}

TEST_F(HistoryTest, has_no_memory_where_the_engine_tells_none) {
    stats_.memory_usage = Bytes(5);
    for (int i = 0; i < 30; ++i) {
        stats_.read_at += 15s;
        history_.add(stats_, now_ += 15s, reach, config::MemoryMetric::working_set);
    }
    EXPECT_EQ(history_.memory_peak(5min).error(), Gap::absent);
    EXPECT_TRUE(history_.cpu(5min));
}

TEST_F(HistoryTest, stays_small_however_long_and_however_often) {
    const Reach long_ago{.window = 24h, .trend = 168h};
    for (int i = 0; i < 100'000; ++i) {
        stats_.read_at += 1s;
        history_.add(stats_, now_ += 1s, long_ago, config::MemoryMetric::working_set);
    }
    EXPECT_LE(history_.size(), 60U);
    run(100h, 1);
    EXPECT_LE(history_.size() * 64 + sizeof(History), 4096U);
}

}  // namespace
}  // namespace rm::observe
