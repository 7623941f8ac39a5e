// SPDX-License-Identifier: Apache-2.0
// `deployments`, to the letter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/views/deployment_view.h"
#include "serve/deployment_json.h"
#include "tests/unit/app/views/pictures.h"
#include "tests/unit/serve/hand_made_deployments.h"

namespace rm::app {
namespace {

using namespace std::chrono_literals;
using serve::hand_made_deployment;
using serve::noon;
using testing::HasSubstr;

std::vector<DeploymentView> three_deployments() {
    auto back = hand_made_deployment("shop/db", "rolled_back");
    back.id = 11;
    back.failure = "shop-db-2 is unhealthy; its last probe said: no answer";
    auto done = hand_made_deployment();
    done.id = 10;
    done.finished_at = noon() + 4321ms;
    auto now = hand_made_deployment("shop/web", "under_way");
    now.id = 12;
    now.to.memory = Bytes::mebi(512);
    return read_deployments(serve::deployments_json({now, back, done}, "", noon() + 90s)).value();
}

TEST(DeploymentsTable, says_what_was_changed_how_that_went_and_why_not) {
    EXPECT_EQ(
        print_deployments(three_deployments(), wide),
        R"(ID  BEGAN                 SERVICE   LIMITS                           STRATEGY    TOOK   STATUS
12  2026-01-01 12:00:00Z  shop/web  1 -> 2 CPU, 256M -> 512M memory  blue_green  1m30s  under way (health)
11  2026-01-01 12:00:00Z  shop/db   1 -> 2 CPU                       blue_green  1m     rolled back
  shop-db-2 is unhealthy; its last probe said: no answer
10  2026-01-01 12:00:00Z  shop/web  1 -> 2 CPU                       blue_green  4.3s   succeeded
)");
}

TEST(DeploymentsTable, colours_tell_how_it_went) {
    const std::string text = print_deployments(three_deployments(), coloured);
    EXPECT_THAT(text, HasSubstr("\x1b[32msucceeded\x1b[0m"));
    EXPECT_THAT(text, HasSubstr("\x1b[31mrolled back\x1b[0m"));
    EXPECT_THAT(text, HasSubstr("\x1b[34munder way (health)\x1b[0m"));
}

TEST(DeploymentsTable, an_empty_history_is_said_in_words) {
    EXPECT_EQ(print_deployments({}, wide), "no deployments yet\n");
}

TEST(DeploymentsTable, one_in_full_shows_how_long_each_phase_took_and_what_was_done) {
    auto made = hand_made_deployment("shop/web", "rolled_back");
    made.id = 7;
    made.failure = "web-2 is unhealthy";
    const auto view =
        read_deployment(serve::deployment_json(made, serve::hand_made_steps(7), noon() + 2h)).value();
    EXPECT_EQ(print_deployment(view, wide), R"(deployment 7 of shop/web: rolled back after 1m
1 -> 2 CPU by blue_green, wanted by the loop
  CPU was above 80% of its limit
why not: web-2 is unhealthy

Phases
  PHASE   BEGAN                 TOOK
  create  2026-01-01 12:00:00Z  5.0s
  health  2026-01-01 12:00:05Z  50s
  finish  2026-01-01 12:00:55Z  5.0s

Log
  2026-01-01 12:00:01Z  create  create web-2
  2026-01-01 12:00:04Z  create  start web-2
  2026-01-01 12:00:05Z  health  started
  2026-01-01 12:00:55Z  finish  remove web-1
)");
}

TEST(DeploymentsTable, what_a_container_said_last_keeps_its_lines_and_steers_nothing) {
    auto made = hand_made_deployment("shop/web", "rolled_back");
    made.failure = "web-2 ended; its log ends with:\nno space\x1b[2J left\n  at main\n";
    const auto list = read_deployments(serve::deployments_json({made}, "", noon())).value();
    EXPECT_THAT(print_deployments(list, wide), testing::EndsWith("\n  web-2 ended; its log ends with:\n"));
    const auto one = read_deployment(serve::deployment_json(made, {}, noon())).value();
    EXPECT_THAT(print_deployment(one, wide), HasSubstr("why not: web-2 ended; its log ends with:\n"
                                                       "         no space?[2J left\n"
                                                       "         at main\n"));
}

TEST(DeploymentsTable, an_answer_that_lacks_something_is_not_shown_by_halves) {
    const auto read = read_deployments(R"({"deployments": [{"id": 1}]})");
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, HasSubstr("deployment.service in the answer is not a text"));
    EXPECT_FALSE(read_deployment("{}"));
}

}  // namespace
}  // namespace rm::app
