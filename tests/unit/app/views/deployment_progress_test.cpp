// SPDX-License-Identifier: Apache-2.0
#include "app/views/deployment_progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serve/deployment_json.h"
#include "tests/unit/app/views/pictures.h"
#include "tests/unit/serve/hand_made_deployments.h"

namespace rm::app {
namespace {

using namespace std::chrono_literals;
using serve::hand_made_deployment;
using serve::hand_made_steps;
using serve::noon;

/// With so many lines in its log, in a phase of its own.
DeploymentView seen(std::string_view status, const std::string& phase, std::size_t lines, Duration after) {
    auto made = hand_made_deployment("shop/web", status);
    made.id = 7;
    if (made.status == "under_way") made.phase = phase;
    if (made.status == "rolled_back") made.failure = "web-2 is unhealthy";
    auto steps = hand_made_steps(7);
    steps.resize(lines);
    return read_deployment(serve::deployment_json(made, steps, noon() + after)).value();
}

TEST(DeploymentProgressText, each_line_of_the_log_is_told_once) {
    DeploymentProgress progress(usual, false);
    EXPECT_EQ(progress.show(seen("under_way", "create", 1, 1s)),
              "2026-01-01 12:00:01Z  create  create web-2\n");
    EXPECT_EQ(progress.show(seen("under_way", "create", 1, 2s)), "");
    EXPECT_EQ(progress.show(seen("under_way", "health", 3, 5s)),
              "2026-01-01 12:00:04Z  create  start web-2\n2026-01-01 12:00:05Z  health  started\n");
    EXPECT_EQ(progress.show(seen("succeeded", "", 4, 1min)), "2026-01-01 12:00:55Z  finish  remove web-1\n");
}

TEST(DeploymentProgressText, a_phase_without_a_line_is_told_by_its_name) {
    DeploymentProgress progress(usual, false);
    EXPECT_EQ(progress.show(seen("under_way", "prepare", 0, 1s)), "prepare\n");
    EXPECT_EQ(progress.show(seen("under_way", "prepare", 0, 2s)), "");
    EXPECT_EQ(progress.show(seen("under_way", "health", 0, 5s)), "health\n");
}

TEST(DeploymentProgressText, a_terminal_has_a_bar_below_the_log_that_never_goes_back) {
    DeploymentProgress progress(ascii, true);
    const std::string wiped = "\r\x1b[K";
    EXPECT_EQ(
        progress.show(seen("under_way", "health", 1, 8s)),
        wiped +
            "2026-01-01 12:00:01Z  create  create web-2\n[######..............] health 3.0s, 8.0s in all");
    EXPECT_EQ(progress.show(seen("under_way", "rollback", 1, 20s)),
              wiped + "[######..............] rollback 15s, 20s in all");
    EXPECT_EQ(progress.show(seen("rolled_back", "", 1, 1min)), wiped);
}

TEST(DeploymentProgressText, the_bar_is_no_wider_than_the_terminal) {
    DeploymentProgress progress({.width = 20, .colour = false, .utf8 = false}, true);
    const std::string text = progress.show(seen("under_way", "health", 0, 8s));
    EXPECT_EQ(text, "\r\x1b[K[######............");
}

TEST(DeploymentProgressText, the_end_says_how_it_went_and_why_not) {
    EXPECT_EQ(print_end(seen("succeeded", "", 4, 1min)),
              "shop/web: 1 -> 2 CPU by blue_green, succeeded after 1m\n");
    EXPECT_EQ(print_end(seen("rolled_back", "", 4, 1min)),
              "shop/web: 1 -> 2 CPU by blue_green, rolled back after 1m\nweb-2 is unhealthy\n");
}

}  // namespace
}  // namespace rm::app
