// SPDX-License-Identifier: Apache-2.0
// The stages of blue_green and recreate on the way there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/deploy/picture.h"

namespace rm::deploy::test {
namespace {

using config::Strategy;
using docker::ContainerState;
using docker::HealthState;
using docker::RestartPolicy;
using testing::HasSubstr;

/// With a green that is healthy.
struct Both : Picture {
    explicit Both(Stage stage, Duration since = {}, Strategy strategy = Strategy::blue_green)
        : Picture(strategy) {
        (void)green();
        replica().green = id('b');
        at(stage, since);
        watch.green_good = watch.green_runs = since;
    }
};

TEST(Prepare, asks_the_hook_and_gives_up_where_it_says_no) {
    Picture web;
    web.terms.hooks.before = true;
    EXPECT_EQ(web.look(), "run the hook `before`");
    web.tried(Act::before_hook);
    EXPECT_EQ(web.look(), "create the new container");
    Picture refused;
    refused.terms.hooks.before = true;
    refused.at(Stage::prepare, 120s).tried(Act::before_hook, ErrorCode::io);
    EXPECT_EQ(refused.look(), "ended: rolled_back");
    EXPECT_EQ(refused.row.failure, "run the hook `before`: no luck");
}

TEST(Prepare, and_create_need_a_container_to_replace) {
    for (const Stage stage : {Stage::prepare, Stage::create}) {
        Picture web;
        web.at(stage).sight.blue.reset();
        EXPECT_EQ(web.look(), "ended: failed");
        EXPECT_EQ(web.row.failure, "web-1 is gone");
    }
}

TEST(Create, makes_green_and_completes_it_once) {
    Picture web;
    web.at(Stage::create);
    EXPECT_EQ(web.look(), "create the new container");
    web.green().state = ContainerState::created;
    web.tried(Act::create_green);
    EXPECT_EQ(web.look(), "complete the new container");
    EXPECT_EQ(web.replica().green, id('b'));
    web.tried(Act::furnish_green);
    EXPECT_EQ(web.look(), "start the new container");
}

TEST(Create, completes_a_green_that_an_earlier_process_made) {
    Both web(Stage::create);
    web.green().state = ContainerState::created;
    EXPECT_EQ(web.look(), "complete the new container");
}

TEST(Create, leaves_a_green_alone_that_was_started_already) {
    Both web(Stage::create);
    web.green().health = HealthState::starting;
    EXPECT_EQ(web.look(), "wait: web-2 is still starting");
    EXPECT_EQ(web.stage(), Stage::health);
}

TEST(Create, gives_up_where_the_name_is_taken) {
    Picture web;
    web.at(Stage::create).tried(Act::create_green, ErrorCode::conflict);
    EXPECT_EQ(web.look(), "ended: rolled_back");
    EXPECT_EQ(web.row.failure, "create the new container: no luck");
}

TEST(Start, gives_up_when_green_has_vanished) {
    Picture web;
    web.at(Stage::start);
    EXPECT_EQ(web.look(), "ended: rolled_back");
    EXPECT_EQ(web.row.failure, "web-2 is gone");
}

TEST(Health, waits_until_green_is_healthy) {
    Both web(Stage::health);
    web.green().health = HealthState::starting;
    EXPECT_EQ(web.look(), "wait: web-2 is still starting");
    EXPECT_LE(web.look_again, 5s);
    web.watch.in_stage = 119'950ms;
    EXPECT_EQ(web.look(), "wait: web-2 is still starting");
    EXPECT_EQ(web.look_again, 50ms);
    web.green().health = HealthState::healthy;
    EXPECT_EQ(web.look(), "keep the old container from coming back by itself");
    EXPECT_EQ(web.stage(), Stage::pin);
}

TEST(Health, is_noticed_soon_after_the_engine_knows_of_it) {
    Both web(Stage::health);
    web.green().health = HealthState::starting;
    for (const auto& [passed, within] : {std::pair{0ms, 100ms}, {2000ms, 250ms}, {60'000ms, 500ms}}) {
        web.watch.in_stage = passed;
        EXPECT_EQ(web.look(), "wait: web-2 is still starting");
        EXPECT_EQ(web.look_again, within);
    }
    web.terms.health = HealthBy::running;  // what takes longer is not asked for so often
    web.look();
    EXPECT_EQ(web.look_again, 5s);
}

TEST(Health, gives_up_with_its_timeout_and_at_once_on_a_green_that_is_bad) {
    Both slow(Stage::health, 120s);
    slow.green().health = HealthState::starting;
    EXPECT_EQ(slow.look(), "keep what the new container last said");
    EXPECT_EQ(slow.replica().failure, "web-2 is still starting, after 2m");
    Both sick(Stage::health);
    sick.green().health = HealthState::unhealthy;
    sick.look();
    EXPECT_EQ(sick.replica().failure, "web-2 is unhealthy");
    Both ended(Stage::health);
    ended.green().state = ContainerState::exited;
    ended.green().exit_code = 2;
    ended.look();
    EXPECT_EQ(ended.replica().failure, "web-2 ended with exit code 2");
}

TEST(Health, asks_our_own_probe_where_that_decides) {
    Both web(Stage::health);
    web.terms.health = HealthBy::probe;
    EXPECT_EQ(web.look(), "probe the new container");
    web.tried(Act::probe_green, ErrorCode::unavailable, 4s);
    EXPECT_EQ(web.look(), "wait: web-2 does not answer our probe yet: no luck");
    web.tried(Act::probe_green, ErrorCode::unavailable, 5s);
    EXPECT_EQ(web.look(), "probe the new container");
    web.tried(Act::probe_green, std::nullopt, 0s);
    EXPECT_EQ(web.look(), "probe the new container");  // seen good again where blue is touched
    EXPECT_EQ(web.stage(), Stage::verify);
}

TEST(Verify, tries_green_from_outside_and_then_asks_the_hook) {
    Both web(Stage::verify);
    web.terms.verify = web.terms.hooks.after_healthy = true;
    EXPECT_EQ(web.look(), "verify the new container");
    web.tried(Act::verify_green);
    EXPECT_EQ(web.look(), "run the hook `after_healthy`");
    web.tried(Act::healthy_hook);
    web.look();
    EXPECT_EQ(web.stage(), Stage::pin);
    Both refused(Stage::verify);
    refused.terms.verify = true;
    refused.tried(Act::verify_green, ErrorCode::protocol);
    refused.look();
    EXPECT_EQ(refused.replica().failure, "verify the new container: no luck");
    EXPECT_EQ(refused.stage(), Stage::clear);
}

TEST(Pin, keeps_blue_from_coming_back_and_only_where_it_would) {
    Both web(Stage::pin);
    EXPECT_EQ(web.look(), "keep the old container from coming back by itself");
    web.blue().restart.policy = RestartPolicy::no;
    EXPECT_EQ(web.look(), "wait: web-1 finishes the requests it has");
    EXPECT_EQ(web.stage(), Stage::drain);
    EXPECT_TRUE(web.replica().drained);
}

TEST(Pin, does_not_touch_blue_while_green_is_not_good) {
    Both web(Stage::pin);
    web.green().health = HealthState::starting;
    EXPECT_EQ(web.look(), "wait: web-2 is still starting");
    web.green().health = HealthState::unhealthy;
    web.look();
    EXPECT_EQ(web.stage(), Stage::clear);
}

TEST(Drain, switches_then_drains_then_waits) {
    Both web(Stage::drain);
    web.terms.hooks.switch_over = web.terms.drain_acts = true;
    EXPECT_EQ(web.look(), "run the hook `switch`");
    web.tried(Act::switch_hook, std::nullopt, 40s);
    EXPECT_EQ(web.look(), "take the old container out of the traffic");
    web.tried(Act::begin_drain, std::nullopt, 0s).watch.in_stage = 80s;
    EXPECT_EQ(web.look(), "wait: web-1 finishes the requests it has");
    web.tried(Act::begin_drain, std::nullopt, 29s);  // a hook that takes its time does not shorten the drain
    EXPECT_EQ(web.look(), "wait: web-1 finishes the requests it has");
    web.tried(Act::begin_drain, std::nullopt, 30s);
    EXPECT_EQ(web.look(), "tell the old container to stop");
    EXPECT_EQ(web.replica().stopping, web.blue().started_at);
}

TEST(Drain, turns_back_when_blue_s_health_check_did_not_notice) {
    Both web(Stage::drain, 40s);
    web.replica().drained = true;
    web.terms.drain_acts = web.terms.drain_shows = true;
    web.tried(Act::begin_drain, std::nullopt, 29s);
    EXPECT_EQ(web.look(), "wait: web-1 finishes the requests it has");
    web.tried(Act::begin_drain, std::nullopt, 30s);
    EXPECT_EQ(web.look(), "put the old container back into the traffic");
    EXPECT_THAT(web.replica().failure, HasSubstr("its health check did not notice"));
    EXPECT_EQ(web.stage(), Stage::revive);
    Both noticed(Stage::drain, 40s);
    noticed.terms.drain_acts = noticed.terms.drain_shows = true;
    noticed.tried(Act::begin_drain).blue().health = HealthState::unhealthy;
    EXPECT_EQ(noticed.look(), "tell the old container to stop");
}

TEST(Drain, turns_back_when_green_turns_bad) {
    Both web(Stage::drain, 10s);
    web.replica().drained = true;
    web.green().health = HealthState::unhealthy;
    web.look();
    EXPECT_EQ(web.replica().failure, "web-2 is unhealthy");
}

TEST(Drain, is_skipped_where_blue_does_not_run) {
    Both web(Stage::pin);
    web.blue().state = ContainerState::exited;
    web.blue().restart.policy = RestartPolicy::no;
    web.watch.green_good = 1h;
    EXPECT_EQ(web.look(), "wait: web-2 stays healthy alone");
    EXPECT_FALSE(web.replica().drained);
}

TEST(Stop, tells_blue_waits_and_kills_what_does_not_listen) {
    Both web(Stage::stop);
    web.replica().stopping = web.blue().started_at;
    EXPECT_EQ(web.look(), "tell the old container to stop");
    web.tried(Act::signal_blue, std::nullopt, 9s);
    EXPECT_EQ(web.look(), "wait: web-1 ends");
    EXPECT_EQ(web.look_again, 500ms);
    web.tried(Act::signal_blue, std::nullopt, 0s);
    EXPECT_EQ(web.look(), "wait: web-1 ends");
    EXPECT_EQ(web.look_again, 100ms);  // most end at once
    web.tried(Act::signal_blue, std::nullopt, 10s);
    EXPECT_EQ(web.look(), "kill the old container, which does not stop");
    web.blue().state = ContainerState::exited;
    EXPECT_EQ(web.look(), "wait: web-2 stays healthy alone");
}

TEST(Stop, looks_at_green_once_more_after_a_restart_of_ours) {
    Both web(Stage::stop);
    web.replica().stopping = web.blue().started_at;
    web.green().health = HealthState::starting;
    EXPECT_EQ(web.look(), "wait: web-2 is still starting");
}

TEST(Observe, counts_from_when_blue_had_stopped) {
    Both web(Stage::observe, 20s);
    web.blue().state = ContainerState::exited;
    web.watch.green_good = 10min;  // next to blue, too
    EXPECT_EQ(web.look(), "wait: web-2 stays healthy alone");
    web.watch.in_stage = 40s;
    web.watch.green_good = 29s;  // not without a break
    EXPECT_EQ(web.look(), "wait: web-2 stays healthy alone");
    web.watch.green_good = 30s;
    EXPECT_EQ(web.look(), "remove the old container");
}

TEST(Observe, turns_back_when_green_fails_alone) {
    Both web(Stage::observe, 20s);
    web.replica().drained = true;
    web.replica().stopping = web.blue().started_at;
    web.blue().state = ContainerState::exited;
    web.green().health = HealthState::unhealthy;
    EXPECT_EQ(web.look(), "start the old container again");
    EXPECT_EQ(web.stage(), Stage::revive);
}

/// A container with a name that its user chose.
struct FixedName : Both {
    explicit FixedName(Stage stage) : Both(stage) {
        replica().green_name = green().name = "web-1.5eed";
        replica().final_name = "web-1";
        blue().state = ContainerState::exited;
        watch.green_good = 1h;
    }
};

TEST(Swap, gives_green_the_name_that_blue_had) {
    FixedName web(Stage::swap);
    EXPECT_EQ(web.look(), "rename the old container aside");
    web.blue().name = "web-1.old.5eed";
    EXPECT_EQ(web.look(), "give the new container its name");
    web.green().name = "web-1";
    EXPECT_EQ(web.look(), "remove the old container");
}

TEST(Swap, turns_back_when_green_turns_bad_and_blue_gets_its_name_again) {
    FixedName web(Stage::swap);
    web.replica().drained = true;
    web.blue().name = "web-1.old.5eed";
    web.green().name = "web-1";
    web.green().health = HealthState::unhealthy;
    EXPECT_EQ(web.look(), "start the old container again");
    web.blue().state = ContainerState::running;
    EXPECT_EQ(web.look(), "keep what the new container last said");
    web.tried(Act::keep_evidence);
    EXPECT_EQ(web.look(), "remove the new container");
    web.sight.green.reset();
    EXPECT_EQ(web.look(), "give the old container its name back");
    web.blue().name = "web-1";
    EXPECT_EQ(web.look(), "ended: rolled_back");
}

TEST(Remove, takes_blue_away_when_green_is_good_and_runs_the_last_hook) {
    Both web(Stage::remove);
    web.terms.hooks.after = true;
    web.blue().state = ContainerState::exited;
    EXPECT_EQ(web.look(), "remove the old container");
    web.sight.blue.reset();
    EXPECT_EQ(web.look(), "run the hook `after`");
    web.tried(Act::after_hook, ErrorCode::io);
    EXPECT_EQ(web.look(), "ended: succeeded");
}

TEST(Remove, keeps_blue_when_green_turns_bad) {
    Both web(Stage::remove);
    web.replica().drained = true;
    web.blue().state = ContainerState::exited;
    web.green().health = HealthState::unhealthy;
    EXPECT_EQ(web.look(), "start the old container again");
}

TEST(SwapAndRemove, do_not_call_it_a_success_when_both_containers_are_gone) {
    for (const Stage stage : {Stage::swap, Stage::remove}) {
        Both web(stage);
        web.sight.blue.reset();
        web.sight.green.reset();
        EXPECT_EQ(web.look(), "ended: failed");
        EXPECT_EQ(web.row.failure, "web-2 is gone");
    }
}

TEST(Recreate, asks_nothing_of_green_before_blue_has_ended) {
    Both web(Stage::pin, {}, Strategy::recreate);
    web.green().state = ContainerState::created;
    EXPECT_EQ(web.look(), "keep the old container from coming back by itself");
    web.blue().restart.policy = RestartPolicy::no;
    EXPECT_EQ(web.look(), "wait: web-1 finishes the requests it has");
    web.watch.in_stage = 30s;
    EXPECT_EQ(web.look(), "tell the old container to stop");
    web.tried(Act::signal_blue, std::nullopt, 1s);
    web.blue().state = ContainerState::exited;
    EXPECT_EQ(web.look(), "start the new container");
}

TEST(Recreate, takes_green_away_before_blue_is_started_again) {
    Both web(Stage::health, {}, Strategy::recreate);
    web.replica().drained = true;
    web.blue().state = ContainerState::exited;
    web.green().health = HealthState::unhealthy;
    EXPECT_EQ(web.look(), "keep what the new container last said");
    web.tried(Act::keep_evidence, ErrorCode::unavailable);
    EXPECT_EQ(web.look(), "remove the new container");
    web.sight.green.reset();
    EXPECT_EQ(web.look(), "start the old container again");
    web.blue().state = ContainerState::running;
    EXPECT_EQ(web.look(), "ended: rolled_back");
}

}  // namespace
}  // namespace rm::deploy::test
