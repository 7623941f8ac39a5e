// SPDX-License-Identifier: Apache-2.0
#include "decide/resource_gates.h"

#include <gtest/gtest.h>

#include "tests/unit/decide/situation.h"

namespace rm::decide::test {
namespace {

using config::Direction;
using config::ServiceClass;

TEST(DataGate, holds_the_resource_of_which_something_is_missing_and_not_the_other) {
    Situation web;
    web.use(0.1, 0.1);
    web.checks(2);
    web.replica().usage.memory = tl::unexpected(Gap::unavailable);
    const Verdict verdict = web.check();
    EXPECT_EQ(outcome(verdict, Gate::data, Resource::cpu), Outcome::passed);
    EXPECT_EQ(report(verdict, Gate::data, Resource::memory).reason,
              "memory of web-1: the source could not be asked");
    ASSERT_TRUE(verdict.proposal);
    EXPECT_EQ(verdict.proposal->to.memory, bytes("512M"));
    EXPECT_EQ(verdict.proposal->to.cpu, cores("0.38"));
}

TEST(HysteresisGate, holds_until_enough_checks_agree) {
    Situation web;
    web.use(0.91, 0.5);
    const Verdict second = web.checks(2);
    EXPECT_FALSE(second.proposal);
    EXPECT_EQ(second.summary, "held by hysteresis: CPU above 80% in 2 of 3 checks (91% of 0.5)");
    EXPECT_EQ(report(second, Gate::hysteresis, Resource::cpu).remedy, "1 more check like this");
    EXPECT_EQ(outcome(second, Gate::hysteresis, Resource::memory), Outcome::idle);
    const Verdict third = web.check();
    EXPECT_EQ(third.summary, "CPU 0.5 -> 0.63: above 80% in 3 of 3 checks (91% of 0.5)");
}

TEST(HysteresisGate, does_not_take_checks_of_the_other_side) {
    Situation web;
    web.use(0.1, 0.5);
    web.checks(2);
    web.use(0.9, 0.5);
    web.now -= 4min;  // too early to count
    const Verdict verdict = web.look();
    EXPECT_EQ(report(verdict, Gate::hysteresis, Resource::cpu).reason,
              "CPU above 80% in 0 of 3 checks (90% of 0.5)");
    EXPECT_FALSE(verdict.proposal);
}

TEST(ServiceClassGate, never_reduces_a_critical_service) {
    Situation web;
    web.policy.service_class = ServiceClass::critical;
    web.use(0.1, 0.9);
    const Verdict verdict = web.lasting();
    EXPECT_EQ(outcome(verdict, Gate::service_class, Resource::cpu), Outcome::held);
    ASSERT_TRUE(verdict.proposal);
    EXPECT_EQ(print(verdict.proposal->to), "0.5 CPU, 640M");
}

TEST(ServiceClassGate, lets_the_gates_behind_it_say_what_they_would) {
    Situation web;
    web.policy.service_class = ServiceClass::critical;
    web.use(0.1, 0.5);
    const Verdict verdict = web.lasting();
    EXPECT_EQ(report(verdict, Gate::bounds, Resource::cpu).reason, "0.5 -> 0.38: within 0.1 to 8");
    EXPECT_EQ(outcome(verdict, Gate::cooldown), Outcome::passed);
    EXPECT_FALSE(verdict.proposal);
}

TEST(DirectionGate, holds_what_goes_the_other_way) {
    Situation web;
    web.use(0.1, 0.9);
    web.policy.direction = Direction::up;
    web.checks(2);
    const Verdict up = web.look();
    EXPECT_EQ(print(up.proposal.value().to), "0.5 CPU, 640M");
    EXPECT_EQ(report(up, Gate::direction, Resource::cpu).remedy, "set direction to both");
    web.policy.direction = Direction::down;
    EXPECT_EQ(print(web.look().proposal.value().to), "0.38 CPU, 512M");
    web.policy.direction = Direction::both;
    EXPECT_EQ(print(web.look().proposal.value().to), "0.38 CPU, 640M");
}

TEST(TrendGate, holds_a_decrease_that_the_last_hour_does_not_agree_with) {
    Situation web;
    web.use(0.1, 0.5);
    web.checks(2);
    web.replica().usage.cpu_trend = cores("0.15");
    const Verdict held = web.look();
    EXPECT_EQ(held.summary, "held by trend: CPU was 30% over the last 1h, not below 30%");
    web.replica().usage.cpu_trend = cores("0.149");
    EXPECT_TRUE(web.look().proposal);
}

TEST(TrendGate, holds_a_decrease_when_the_trend_should_be_there_and_is_not) {
    Situation web;
    web.use(0.1, 0.5);
    web.checks(2);
    web.replica().usage.cpu_trend = tl::unexpected(Gap::timeout);
    EXPECT_EQ(web.look().summary,
              "held by trend: CPU over the last 1h of web-1: the source did not answer in time");
    web.replica().started_at = web.now - 1h;
    const Verdict young = web.look();
    EXPECT_TRUE(young.proposal);
    EXPECT_EQ(report(young, Gate::trend, Resource::cpu).reason, "no replica has run for 1h yet");
    web.replica().started_at = web.now - 1h - 1ms;
    EXPECT_FALSE(web.look().proposal);
}

TEST(TrendGate, asks_every_replica_that_is_old_enough) {
    Situation web;
    web.add_replica();
    web.use(0.1, 0.5);
    web.checks(2);
    web.replica().usage.cpu_trend = cores("0.4");
    web.view.replicas[1].started_at = web.now - 30min;
    EXPECT_EQ(outcome(web.look(), Gate::trend, Resource::cpu), Outcome::held);
}

TEST(TrendGate, does_not_ask_before_a_raise) {
    Situation web;
    web.use(0.9, 0.5);
    web.replica().usage.cpu_trend = tl::unexpected(Gap::timeout);
    const Verdict verdict = web.lasting();
    EXPECT_EQ(outcome(verdict, Gate::trend, Resource::cpu), Outcome::idle);
    EXPECT_TRUE(verdict.proposal);
}

TEST(MinimumChangeGate, holds_what_is_not_worth_a_deployment) {
    Situation web;
    web.policy.adjustment.increase_factor = Ratio(1.04);
    web.limit(cores("1"), bytes("512M"));
    web.use(0.9, 0.5);
    const Verdict held = web.lasting();
    EXPECT_EQ(held.summary, "held by minimum_change: 4% of the limit is less than 5%");
    web.policy.adjustment.increase_factor = Ratio(1.05);
    EXPECT_EQ(web.look().proposal.value().to.cpu, cores("1.05"));
}

TEST(MinimumChangeGate, lets_the_last_step_to_a_bound_pass) {
    Situation web;
    web.limit(cores("7.9"), bytes("512M"));
    web.use(0.9, 0.5);
    const Verdict verdict = web.lasting();
    EXPECT_EQ(verdict.proposal.value().to.cpu, cores("8"));
    EXPECT_EQ(verdict.proposal->clamped_cpu, "bounds.cpu.max");
}

}  // namespace
}  // namespace rm::decide::test
