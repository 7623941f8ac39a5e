// SPDX-License-Identifier: Apache-2.0
#include "core/scaled_clock.h"

#include <thread>

#include <gtest/gtest.h>

namespace rm {
namespace {

using namespace std::chrono_literals;

TEST(ScaledClock, it_starts_at_the_present_and_runs_faster) {
    const WallTime before = std::chrono::system_clock::now();
    const ScaledClock clock(100'000);
    const Instant first = clock.now();
    EXPECT_GE(first.wall, before);
    EXPECT_TRUE(ScaledClock(100'000).sleep_for(1h, {}));  // 36 ms of ours
    const Instant later = clock.now();
    EXPECT_GE(later.wall - first.wall, 1h);
    EXPECT_GE(later.steady - first.steady, 1h);
}

TEST(ScaledClock, a_sleep_ends_when_told_to) {
    ScaledClock clock(1);
    std::stop_source stop;
    std::jthread stopper([&] { stop.request_stop(); });
    EXPECT_FALSE(clock.sleep_for(24h, stop.get_token()));
}

}  // namespace
}  // namespace rm
