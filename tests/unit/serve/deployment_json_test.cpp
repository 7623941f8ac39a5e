// SPDX-License-Identifier: Apache-2.0
#include "serve/deployment_json.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/serve/hand_made_deployments.h"

namespace rm::serve {
namespace {

using namespace std::chrono_literals;
using boost::json::object;
using testing::ElementsAre;

TEST(DeploymentJson, has_all_that_is_known_of_a_deployment) {
    store::Deployment made = hand_made_deployment("shop/web", "rolled_back");
    made.id = 7;
    made.failure = "web-2 is unhealthy";
    made.from.memory.reset();
    const object one = parsed(deployments_json({made}, "/next", noon())).at("deployments").at(0).as_object();
    EXPECT_EQ(one.at("id"), 7);
    EXPECT_EQ(one.at("service"), "shop/web");
    EXPECT_EQ(one.at("strategy"), "blue_green");
    EXPECT_EQ(one.at("status"), "rolled_back");
    EXPECT_EQ(one.at("requested_by"), "the loop");
    EXPECT_EQ(one.at("from").at("cpu_cores"), 1);
    EXPECT_TRUE(one.at("from").at("memory_bytes").is_null());
    EXPECT_EQ(one.at("to").at("cpu_cores"), 2);
    EXPECT_EQ(one.at("created_at"), "2026-01-01T12:00:00Z");
    EXPECT_EQ(one.at("finished_at"), "2026-01-01T12:01:00Z");
    EXPECT_EQ(one.at("duration_seconds"), 60);
    EXPECT_EQ(one.at("failure"), "web-2 is unhealthy");
    EXPECT_FALSE(one.contains("progress"));
    EXPECT_FALSE(one.contains("token"));
}

TEST(DeploymentJson, the_duration_of_what_is_under_way_is_that_so_far) {
    const store::Deployment made = hand_made_deployment("shop/web", "under_way");
    const object one = parsed(deployments_json({made}, "", noon() + 30s)).at("deployments").at(0).as_object();
    EXPECT_EQ(one.at("duration_seconds"), 30);
    EXPECT_TRUE(one.at("finished_at").is_null());
    EXPECT_TRUE(one.at("failure").is_null());
}

TEST(DeploymentJson, a_clock_that_was_set_back_makes_no_time_negative) {
    const store::Deployment made = hand_made_deployment("shop/web", "under_way");
    const object one = parsed(deployments_json({made}, "", noon() - 1h)).at("deployments").at(0).as_object();
    EXPECT_EQ(one.at("duration_seconds"), 0);
}

TEST(DeploymentJson, phases_last_from_their_first_line_to_that_of_the_next) {
    const auto phases = phase_times(hand_made_deployment(), hand_made_steps(1), noon() + 2h);
    EXPECT_THAT(phases,
                ElementsAre(PhaseTime{.phase = "create", .began = noon(), .ended = noon() + 5s},
                            PhaseTime{.phase = "health", .began = noon() + 5s, .ended = noon() + 55s},
                            PhaseTime{.phase = "finish", .began = noon() + 55s, .ended = noon() + 60s}));
}

TEST(DeploymentJson, the_present_phase_counts_before_it_has_a_line) {
    const store::Deployment made = hand_made_deployment("shop/web", "under_way");
    const auto phases = phase_times(made, {hand_made_steps(1).front()}, noon() + 12s);
    EXPECT_THAT(phases,
                ElementsAre(PhaseTime{.phase = "create", .began = noon(), .ended = noon() + 5s},
                            PhaseTime{.phase = "health", .began = noon() + 5s, .ended = noon() + 12s}));
    EXPECT_EQ(phase_times(made, {}, noon() + 12s).size(), 1U);
}

TEST(DeploymentJson, a_phase_in_which_nothing_was_said_has_its_time_and_no_line) {
    std::vector<store::DeploymentStep> steps = hand_made_steps(1);
    steps.insert(steps.begin(), {.deployment = 1, .at = noon(), .phase = "prepare", .message = {}});
    steps.insert(steps.end() - 1, {.deployment = 1, .at = noon() + 50s, .phase = "observe", .message = {}});
    const auto one = parsed(deployment_json(hand_made_deployment(), steps, noon())).at("deployment");
    std::vector<std::string> names;
    for (const auto& phase : one.at("phases").as_array()) names.emplace_back(phase.at("phase").as_string());
    EXPECT_THAT(names, testing::ElementsAre("prepare", "create", "health", "observe", "finish"));
    EXPECT_EQ(one.at("phases").at(3).at("seconds"), 5);
    EXPECT_EQ(one.at("log").as_array().size(), 4U);
}

TEST(DeploymentJson, one_in_full_has_its_phases_and_its_log) {
    store::Deployment made = hand_made_deployment();
    auto steps = hand_made_steps(1);
    steps.back().message = "\xff\"\n";
    const object one = parsed(deployment_json(made, steps, noon())).at("deployment").as_object();
    EXPECT_EQ(one.at("phases").at(1).at("phase"), "health");
    EXPECT_EQ(one.at("phases").at(1).at("seconds"), 50);
    EXPECT_EQ(one.at("phases").at(1).at("began_at"), "2026-01-01T12:00:05Z");
    EXPECT_EQ(one.at("log").as_array().size(), 4U);
    EXPECT_EQ(one.at("log").at(0).at("message"), "create web-2");
    EXPECT_EQ(one.at("log").at(3).at("message"), "\xef\xbf\xbd\"\n");
}

}  // namespace
}  // namespace rm::serve
