// SPDX-License-Identifier: Apache-2.0
#include "deploy/in_place_stages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/deploy/in_place_picture.h"

namespace rm::deploy::test {
namespace {

using docker::ContainerState;
using docker::HealthState;
using testing::HasSubstr;
using testing::StartsWith;
using Condition = InPlace::Condition;

TEST(InPlacePrepare, refuses_before_anything_is_changed) {
    InPlaceWeb unlimited;
    unlimited.blue().limits.memory = std::nullopt;
    unlimited.blue().limit_fields.memory = unlimited.blue().limit_fields.memory_swap = 0;
    unlimited.terms.hooks.before = true;
    EXPECT_EQ(unlimited.look(), "ended: rolled_back");
    EXPECT_THAT(unlimited.row.failure, HasSubstr("has no memory limit"));
    InPlaceWeb tiny(limits("0.001", "768M"));
    EXPECT_EQ(tiny.look(), "ended: rolled_back");
    EXPECT_THAT(tiny.row.failure, HasSubstr("0.001 CPU is less than can be set"));
    InPlaceWeb gone;
    gone.sight.blue.reset();
    EXPECT_EQ(gone.look(), "ended: failed");
    EXPECT_EQ(gone.row.failure, "web-1 is gone");
}

TEST(InPlacePrepare, asks_the_hook_first) {
    InPlaceWeb web;
    web.terms.hooks.before = true;
    EXPECT_EQ(web.look(), "run the hook `before`");
    web.tried(Act::before_hook, ErrorCode::permission);
    EXPECT_EQ(web.look(), "ended: rolled_back");
    EXPECT_EQ(web.row.failure, "run the hook `before`: no luck");
}

TEST(InPlacePrepare, remembers_what_was_there) {
    InPlaceWeb web;
    web.blue().limit_fields.memory_reservation = bytes("100M").count();
    web.look();
    EXPECT_EQ(web.stage(), Stage::update);
    const InPlace was = web.replica().in_place.value();
    EXPECT_EQ(was.before, web.blue().limit_fields);
    EXPECT_EQ(was.after.memory, bytes("768M").count());
    EXPECT_EQ(was.after.memory_reservation, bytes("100M").count());
    EXPECT_EQ(was.condition, Condition::serving);
    EXPECT_EQ(was.run, web.blue().started_at);
}

TEST(BeforeUpdate, knows_a_container_that_serves_from_one_that_ails_and_one_that_rests) {
    const auto condition = [](ContainerState state, HealthState health) {
        Picture web(config::Strategy::in_place);
        web.blue().state = state;
        web.blue().health = health;
        return before_update(web.blue(), web.replica()).value().condition;
    };
    EXPECT_EQ(condition(ContainerState::running, HealthState::healthy), Condition::serving);
    EXPECT_EQ(condition(ContainerState::running, HealthState::none), Condition::serving);
    EXPECT_EQ(condition(ContainerState::running, HealthState::starting), Condition::ailing);
    EXPECT_EQ(condition(ContainerState::running, HealthState::unhealthy), Condition::ailing);
    EXPECT_EQ(condition(ContainerState::restarting, HealthState::healthy), Condition::ailing);
    EXPECT_EQ(condition(ContainerState::paused, HealthState::healthy), Condition::ailing);
    EXPECT_EQ(condition(ContainerState::exited, HealthState::unhealthy), Condition::stopped);
    EXPECT_EQ(condition(ContainerState::created, HealthState::none), Condition::stopped);
}

TEST(InPlaceUpdate, sends_and_goes_on_when_it_is_done) {
    InPlaceWeb web;
    web.in(Stage::update);
    EXPECT_EQ(web.look(), "change the limits: 1 CPU, memory 768M, swap 1536M");
    web.tried(Act::change_limits, std::nullopt, 50ms);
    web.changed();
    EXPECT_EQ(web.look(), "wait: web-1 stays healthy with its new limits");
    EXPECT_EQ(web.stage(), Stage::observe);
}

TEST(InPlaceUpdate, gives_up_on_an_answer_that_will_not_change) {
    InPlaceWeb web;
    web.in(Stage::update).tried(Act::change_limits, ErrorCode::invalid, 0ms);
    EXPECT_EQ(web.look(), "ended: rolled_back");
    EXPECT_EQ(web.row.failure, "change the limits: no luck");
}

TEST(InPlaceUpdate, asks_an_engine_again_that_could_not_do_it) {
    InPlaceWeb web;
    web.in(Stage::update).tried(Act::change_limits, ErrorCode::unavailable, 100ms);
    EXPECT_EQ(web.look(), "wait: change the limits: no luck");
    web.tried(Act::change_limits, ErrorCode::unavailable, 250ms);
    EXPECT_THAT(web.look(), StartsWith("change the limits"));
}

TEST(InPlaceUpdate, gives_up_when_the_kernel_never_takes_it) {
    InPlaceWeb web;
    web.in(Stage::update, 119s).changed().tried(Act::change_limits, std::nullopt, 1h, 9);
    web.sight.usage->memory_limit = bytes("512M");
    EXPECT_THAT(web.look(), StartsWith("change the limits"));
    web.watch.in_stage = 120s;
    EXPECT_THAT(web.look(), StartsWith("change the limits: 0.5 CPU, memory 512M"));
    EXPECT_EQ(web.replica().failure, "change the limits had no effect");
}

TEST(InPlaceUpdate, takes_a_step_each_second) {
    InPlaceWeb web(limits("0.5", "256M"));
    web.in(Stage::update);
    EXPECT_EQ(web.look(), "change the limits: memory 384M, swap 640M");
    web.done();
    web.tried(Act::change_limits, std::nullopt, 200ms, 7);  // however many there were
    EXPECT_EQ(web.look(), "wait: web-1 settles in less memory");
    EXPECT_EQ(web.look_again, 800ms);
    web.tried(Act::change_limits, std::nullopt, 1s, 7);
    EXPECT_EQ(web.look(), "change the limits: memory 288M, swap 544M");
}

TEST(InPlaceUpdate, waits_for_room_and_gives_up_with_the_health_timeout) {
    InPlaceWeb web(limits("0.5", "256M"));
    web.uses("300M").watch.in_stage = 0s;
    web.in(Stage::update);
    const std::string full = "web-1 uses so much memory that it can't be limited to less than 346M";
    EXPECT_EQ(web.look(), "wait: " + full);
    web.watch.in_stage = 120s;
    EXPECT_EQ(web.look(), "ended: rolled_back");
    EXPECT_EQ(web.row.failure, full + ", after 2m");
}

TEST(InPlaceUpdate, raises_cpu_while_memory_waits_for_room) {
    InPlaceWeb web(limits("2", "256M"));
    web.uses("300M");
    web.in(Stage::update);
    EXPECT_EQ(web.look(), "change the limits: 2 CPU");
    web.done();
    EXPECT_THAT(web.look(), StartsWith("wait: web-1 uses so much memory"));
}

TEST(InPlaceUpdate, of_a_stopped_container_needs_no_more_than_the_engines_word) {
    InPlaceWeb web(limits("1", "256M"));
    web.ended(0).in(Stage::update);
    EXPECT_EQ(web.look(), "change the limits: 1 CPU, memory 256M, swap 512M");
    web.done();
    EXPECT_EQ(web.look(), "ended: succeeded");
}

TEST(InPlaceConfirm, waits_a_little_for_the_kernel_and_then_goes_back) {
    InPlaceWeb web;
    web.in(Stage::confirm, 9s).changed();
    web.sight.usage->memory_limit = bytes("512M");
    EXPECT_EQ(web.look(), "wait: the kernel allows web-1 512M of memory, not 768M");
    web.watch.in_stage = 10s;
    web.look();
    EXPECT_EQ(web.stage(), Stage::revert);
    EXPECT_EQ(web.replica().failure, "the kernel allows web-1 512M of memory, not 768M");
}

struct Trouble {
    std::string name;
    void (*happens)(InPlaceWeb& web);
    std::string reason;
};

void PrintTo(const Trouble& trouble, std::ostream* out) {
    *out << trouble.name;
}

class InPlaceTrouble : public testing::TestWithParam<std::tuple<Stage, Trouble>> {};

TEST_P(InPlaceTrouble, turns_back_at_once) {
    const auto& [stage, trouble] = GetParam();
    InPlaceWeb web;
    web.in(stage).changed();
    trouble.happens(web);
    web.look();
    EXPECT_EQ(web.replica().failure, trouble.reason);
    EXPECT_TRUE(web.stage() == Stage::revert || web.stage() == Stage::undone) << to_string(web.stage());
}

INSTANTIATE_TEST_SUITE_P(
    Each, InPlaceTrouble,
    testing::Combine(
        testing::Values(Stage::update, Stage::confirm, Stage::observe),
        testing::Values(Trouble{"gone", [](InPlaceWeb& web) { web.sight.blue.reset(); }, "web-1 is gone"},
                        Trouble{"dead", [](InPlaceWeb& web) { web.blue().state = ContainerState::dead; },
                                "web-1 is gone"},
                        Trouble{"restarted", [](InPlaceWeb& web) { *web.blue().started_at += 1h; },
                                "web-1 was restarted while its limits were changed"},
                        Trouble{"restarting",
                                [](InPlaceWeb& web) { web.blue().state = ContainerState::restarting; },
                                "web-1 was restarted while its limits were changed"},
                        Trouble{"ended", [](InPlaceWeb& web) { web.ended(3); },
                                "web-1 ended with exit code 3 while its limits were changed"},
                        Trouble{"killed", [](InPlaceWeb& web) { web.ended(137, true); },
                                "web-1 ran out of memory while its limits were changed"},
                        Trouble{"child_killed", [](InPlaceWeb& web) { web.blue().oom_killed = true; },
                                "web-1 ran out of memory while its limits were changed"})),
    [](const auto& one) {
        return fmt::format("{}_{}", to_string(std::get<0>(one.param)), std::get<1>(one.param).name);
    });

TEST(InPlaceObserve, does_not_blame_the_change_for_an_earlier_kill) {
    InPlaceWeb web;
    web.blue().oom_killed = true;
    web.in(Stage::observe).changed();
    EXPECT_EQ(web.look(), "wait: web-1 stays healthy with its new limits");
}

TEST(InPlaceObserve, ends_when_it_was_healthy_all_the_time_and_no_earlier) {
    InPlaceWeb web;
    web.in(Stage::observe, 20s).changed();
    web.watch.blue_good = 1h;  // before the change, too
    EXPECT_EQ(web.look(), "wait: web-1 stays healthy with its new limits");
    web.watch.in_stage = 31s;
    web.watch.blue_good = 29s;
    EXPECT_EQ(web.look(), "wait: web-1 stays healthy with its new limits");
    EXPECT_EQ(web.look_again, 1s);
    web.watch.blue_good = 30s;
    EXPECT_EQ(web.look(), "ended: succeeded");
}

TEST(InPlaceObserve, turns_back_when_it_turns_unhealthy) {
    InPlaceWeb web;
    web.in(Stage::observe, 5s).changed();
    web.blue().health = HealthState::unhealthy;
    web.look();
    EXPECT_EQ(web.replica().failure, "web-1 is unhealthy");
    EXPECT_EQ(web.action->act, Act::change_limits);
}

TEST(InPlaceObserve, gives_one_that_ailed_before_the_time_to_recover) {
    InPlaceWeb web;
    web.blue().health = HealthState::unhealthy;
    web.in(Stage::observe, 119s).changed();
    EXPECT_EQ(web.look(), "wait: web-1 is unhealthy");
    web.watch.in_stage = 120s;
    web.look();
    EXPECT_EQ(web.replica().failure, "web-1 is unhealthy, after 2m");
    InPlaceWeb other;
    other.blue().health = HealthState::unhealthy;
    other.in(Stage::observe, 40s).changed().ended(1);
    other.look();
    EXPECT_EQ(other.replica().failure, "web-1 ended with exit code 1");
}

TEST(InPlaceObserve, takes_the_end_of_a_restart_loop_for_a_recovery) {
    InPlaceWeb web;
    web.blue().state = ContainerState::restarting;
    web.in(Stage::observe, 10s).changed();
    EXPECT_EQ(web.look(), "wait: web-1 ended and is about to be restarted");
    web.blue().state = ContainerState::running;
    *web.blue().started_at += 24h;
    web.watch.in_stage = 60s;
    web.watch.blue_good = 30s;
    EXPECT_EQ(web.look(), "ended: succeeded");
}

TEST(InPlaceObserve, judges_one_without_a_health_check_by_whether_it_runs) {
    InPlaceWeb web;
    web.blue().health_check.reset();
    web.blue().health = HealthState::none;
    web.in(Stage::observe, 40s).changed();
    web.watch.blue_runs = 5s;
    EXPECT_EQ(web.look(), "wait: web-1 has not run for 10s without a restart yet");
    web.watch.blue_runs = 50s;
    web.watch.blue_good = 40s;
    EXPECT_EQ(web.look(), "ended: succeeded");
}

TEST(InPlaceObserve, asks_our_own_probe_now_and_then) {
    InPlaceWeb web;
    web.terms.health = HealthBy::probe;
    web.in(Stage::observe, 10s).changed();
    EXPECT_EQ(web.look(), "probe the container");
    web.tried(Act::probe_blue, ErrorCode::unavailable, 1s);
    EXPECT_EQ(web.look(), "wait: web-1 does not answer our probe yet: no luck");
    web.tried(Act::probe_blue, std::nullopt, 4s);
    EXPECT_EQ(web.look(), "wait: web-1 stays healthy with its new limits");
    web.tried(Act::probe_blue, std::nullopt, 5s);
    EXPECT_EQ(web.look(), "probe the container");
}

TEST(InPlaceObserve, turns_back_when_somebody_else_changes_the_limits) {
    InPlaceWeb web;
    web.in(Stage::observe, 5s).changed();
    web.sight.usage->memory_limit = bytes("1G");
    web.look();
    EXPECT_EQ(web.replica().failure, "the kernel allows web-1 1G of memory, not 768M");
}

TEST(InPlaceObserve, runs_the_hooks_at_the_end) {
    InPlaceWeb web;
    web.terms.hooks.after_healthy = web.terms.hooks.after = true;
    web.in(Stage::observe, 40s).changed();
    web.watch.blue_good = 40s;
    EXPECT_EQ(web.look(), "run the hook `after_healthy`");
    web.tried(Act::healthy_hook);
    EXPECT_EQ(web.look(), "run the hook `after`");
    web.tried(Act::after_hook, ErrorCode::io);
    EXPECT_EQ(web.look(), "ended: succeeded");
}

}  // namespace
}  // namespace rm::deploy::test
