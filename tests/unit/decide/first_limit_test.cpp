// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/decide/situation.h"

namespace rm::decide::test {
namespace {

using testing::StartsWith;

/// Without limits, using 0.25 CPU and 256M.
Situation unlimited() {
    Situation web;
    web.limit({}, {});
    return web;
}

TEST(FirstLimit, unlimited_services_are_told_and_left_alone) {
    Situation web = unlimited();
    const Verdict verdict = web.lasting();
    EXPECT_TRUE(verdict.unlimited);
    EXPECT_FALSE(verdict.proposal);
    EXPECT_EQ(outcome(verdict, Gate::data, Resource::cpu), Outcome::idle);
}

TEST(FirstLimit, is_set_at_once_where_one_is_configured) {
    Situation web = unlimited();
    web.policy.initial = {.cpu = cores("1"), .memory = bytes("1G")};
    web.replica().started_at = web.now;
    const Verdict verdict = web.look();
    EXPECT_FALSE(verdict.unlimited);
    EXPECT_EQ(verdict.summary,
              "CPU unlimited -> 1: its first limit; memory unlimited -> 1G: its first limit");
    EXPECT_EQ(outcome(verdict, Gate::hysteresis, Resource::cpu), Outcome::idle);
    EXPECT_EQ(outcome(verdict, Gate::data, Resource::cpu), Outcome::idle);
    EXPECT_EQ(outcome(verdict, Gate::uptime), Outcome::idle);
}

TEST(FirstLimit, of_one_resource_leaves_the_other_unlimited) {
    Situation web = unlimited();
    web.policy.initial.memory = bytes("1G");
    const Verdict verdict = web.look();
    EXPECT_TRUE(verdict.unlimited);
    EXPECT_EQ(print(verdict.proposal.value().to), "unlimited CPU, 1G");
}

TEST(FirstLimit, is_never_below_what_is_used_already) {
    Situation web = unlimited();
    web.policy.initial = {.cpu = cores("0.2"), .memory = bytes("128M")};
    EXPECT_EQ(print(web.look().proposal.value().to), "0.32 CPU, 320M");
    web.replica().usage.memory = bytes("7G");
    EXPECT_EQ(report(web.look(), Gate::bounds, Resource::memory).reason,
              "even 8G would be too little for what it uses");
}

TEST(FirstLimit, waits_for_the_usage_to_be_known) {
    Situation web = unlimited();
    web.policy.initial.memory = bytes("1G");
    web.replica().usage.memory = tl::unexpected(Gap::warming_up);
    EXPECT_THAT(web.look().summary, StartsWith("held by data: memory of web-1"));
    EXPECT_FALSE(web.look().proposal);
}

TEST(FirstLimit, keeps_to_the_bounds_and_the_baseline) {
    Situation web = unlimited();
    web.policy.initial = {.cpu = cores("0.5"), .memory = bytes("512M")};
    web.policy.baseline = {.cpu = cores("1"), .memory = bytes("1G")};
    EXPECT_EQ(print(web.look().proposal.value().to), "1 CPU, 1G");
}

TEST(FirstLimit, is_held_by_the_gates_that_concern_it) {
    const auto held_by = [](auto change) {
        Situation web = unlimited();
        web.policy.initial.memory = bytes("1G");
        change(web);
        const Verdict verdict = web.look();
        EXPECT_FALSE(verdict.proposal);
        return first_held(verdict)->gate;
    };
    EXPECT_EQ(held_by([](Situation& web) { web.policy.enabled = false; }), Gate::managed);
    EXPECT_EQ(held_by([](Situation& web) { web.view.pause = Pause{}; }), Gate::paused);
    EXPECT_EQ(held_by([](Situation& web) { web.policy.direction = config::Direction::up; }), Gate::direction);
    EXPECT_EQ(held_by([](Situation& web) { web.state.last_adjustment = web.now; }), Gate::cooldown);
    EXPECT_EQ(held_by([](Situation& web) { web.policy.adjustment.max_adjustments_per_day = 0; }),
              Gate::daily_limit);
    EXPECT_EQ(held_by([](Situation& web) { web.view.host.reset(); }), Gate::host_capacity);
    EXPECT_EQ(held_by([](Situation& web) { web.view.host->memory_used = bytes("15G"); }),
              Gate::host_capacity);
    EXPECT_EQ(held_by([](Situation& web) {
                  web.policy.adjustment.maintenance_window = config::DailyWindow{.from = {2h}, .to = {3h}};
              }),
              Gate::maintenance_window);
}

}  // namespace
}  // namespace rm::decide::test
