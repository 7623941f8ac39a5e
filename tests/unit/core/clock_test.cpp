// SPDX-License-Identifier: Apache-2.0
#include "core/clock.h"

#include <future>
#include <thread>

#include <gtest/gtest.h>

namespace rm {
namespace {

using namespace std::chrono_literals;

TEST(SystemClock, a_requested_stop_ends_the_sleep) {
    SystemClock clock;
    std::stop_source stop;
    auto sleeper = std::async(std::launch::async, [&] { return clock.sleep_for(1h, stop.get_token()); });
    stop.request_stop();
    EXPECT_FALSE(sleeper.get());
}

TEST(SystemClock, a_time_that_has_passed_needs_no_sleep) {
    SystemClock clock;
    EXPECT_TRUE(clock.sleep_until(clock.now().steady - 1s, {}));
}

TEST(VirtualClock, wall_and_steady_time_pass_together) {
    VirtualClock clock;
    const Instant before = clock.now();
    clock.advance(90s);
    EXPECT_EQ(clock.now().wall - before.wall, 90s);
    EXPECT_EQ(clock.now().steady - before.steady, 90s);
}

TEST(VirtualClock, the_wall_can_jump_without_intervals_noticing) {
    VirtualClock clock;
    const Instant before = clock.now();
    clock.jump_wall(-1h);
    EXPECT_EQ(clock.now().wall - before.wall, -1h);
    EXPECT_EQ(clock.now().steady, before.steady);
}

TEST(VirtualClock, sleepers_wake_when_their_time_has_come) {
    VirtualClock clock;
    auto sleeper = std::async(std::launch::async, [&] { return clock.sleep_for(10s, {}); });
    clock.wait_for_sleepers(1);
    clock.advance(9s);
    EXPECT_EQ(sleeper.wait_for(0s), std::future_status::timeout);
    clock.advance(1s);
    EXPECT_TRUE(sleeper.get());
}

TEST(VirtualClock, a_requested_stop_ends_the_sleep) {
    VirtualClock clock;
    std::stop_source stop;
    auto sleeper = std::async(std::launch::async, [&] { return clock.sleep_for(1h, stop.get_token()); });
    clock.wait_for_sleepers(1);
    stop.request_stop();
    EXPECT_FALSE(sleeper.get());
}

}  // namespace
}  // namespace rm
