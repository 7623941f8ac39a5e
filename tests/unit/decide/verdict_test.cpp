// SPDX-License-Identifier: Apache-2.0
#include "decide/verdict.h"

#include <set>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/decide/situation.h"

namespace rm::decide::test {
namespace {

using testing::ElementsAre;

TEST(Verdict, tells_every_gate_in_order_those_of_resources_twice) {
    std::vector<std::string> told;
    for (const GateReport& each : Situation().look().gates)
        told.push_back(std::string(to_string(each.gate)) +
                       (each.resource ? " " + std::string(to_string(*each.resource)) : ""));
    EXPECT_THAT(told, ElementsAre("managed", "paused", "deployment", "data cpu", "data memory", "uptime",
                                  "hysteresis cpu", "hysteresis memory", "service_class cpu",
                                  "service_class memory", "direction cpu", "direction memory", "trend cpu",
                                  "trend memory", "cooldown", "backoff", "daily_limit", "bounds cpu",
                                  "bounds memory", "minimum_change cpu", "minimum_change memory",
                                  "host_capacity cpu", "host_capacity memory", "maintenance_window"));
}

TEST(Verdict, names_are_stable) {
    EXPECT_EQ(to_string(Wish::keep), "keep");
    EXPECT_EQ(to_string(Wish::raise), "raise");
    EXPECT_EQ(to_string(Wish::lower), "lower");
    EXPECT_EQ(to_string(Outcome::passed), "passed");
    EXPECT_EQ(to_string(Outcome::held), "held");
    EXPECT_EQ(to_string(Outcome::idle), "idle");
}

TEST(Verdict, the_first_gate_that_held_is_the_first_in_order) {
    Situation web;
    EXPECT_EQ(first_held(web.look()), nullptr);
    web.use(0.9, 0.5);
    web.state.last_adjustment = web.now;
    web.view.pause = Pause{};
    const Verdict verdict = web.look();
    EXPECT_EQ(first_held(verdict)->gate, Gate::paused);
    EXPECT_EQ(outcome(verdict, Gate::hysteresis, Resource::cpu), Outcome::held);
    EXPECT_EQ(outcome(verdict, Gate::cooldown), Outcome::held);
}

}  // namespace
}  // namespace rm::decide::test
