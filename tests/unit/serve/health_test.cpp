// SPDX-License-Identifier: Apache-2.0
#include "serve/health.h"

#include <chrono>

#include <gtest/gtest.h>

namespace rm::serve {
namespace {

using namespace std::chrono_literals;

TEST(HealthBoard, the_status_is_that_of_the_worst_part) {
    const VirtualClock clock;
    HealthBoard board(clock);
    board.report("store", PartState::ok);
    EXPECT_EQ(board.read().status, PartState::ok);
    board.report("prometheus", PartState::degraded, "no answer from http://prometheus:9090");
    EXPECT_EQ(board.read().status, PartState::degraded);
    board.report("store", PartState::failed, "disk full");
    EXPECT_EQ(board.read().status, PartState::failed);
    board.report("store", PartState::ok);
    board.report("prometheus", PartState::starting);
    EXPECT_EQ(board.read().status, PartState::degraded);
}

TEST(HealthBoard, a_part_keeps_the_time_when_its_state_began) {
    VirtualClock clock;
    const WallTime start = clock.now().wall;
    HealthBoard board(clock);
    board.report("store", PartState::degraded, "slow");
    clock.advance(10s);
    board.report("store", PartState::degraded, "slower");
    EXPECT_EQ(board.read().parts.at(0).since, start);
    EXPECT_EQ(board.read().parts.at(0).detail, "slower");
    clock.advance(5s);
    board.report("store", PartState::ok);
    EXPECT_EQ(board.read().parts.at(0).since, start + 15s);
    EXPECT_EQ(board.read().uptime, 15s);
}

TEST(HealthBoard, readiness_names_everything_that_is_missing) {
    const VirtualClock clock;
    HealthBoard board(clock);
    EXPECT_EQ(board.read().not_ready, "no part has started yet");
    board.report("docker", PartState::starting);
    board.report("store", PartState::failed, "disk full");
    EXPECT_EQ(board.read().not_ready, "docker is starting; store has failed: disk full");
    board.report("docker", PartState::degraded, "slow");
    board.report("store", PartState::ok);
    EXPECT_EQ(board.read().not_ready, "");
}

TEST(HealthBoard, a_part_that_was_removed_is_told_of_no_more) {
    const VirtualClock clock;
    HealthBoard board(clock);
    board.report("http", PartState::ok);
    board.report("prometheus", PartState::failed, "no answer");
    board.remove("prometheus");
    board.remove("never there");
    EXPECT_EQ(board.read().status, PartState::ok);
    EXPECT_EQ(board.read().not_ready, "");
    EXPECT_EQ(board.read().parts.size(), 1U);
}

}  // namespace
}  // namespace rm::serve
