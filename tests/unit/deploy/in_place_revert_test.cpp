// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/deploy/in_place_picture.h"

namespace rm::deploy::test {
namespace {

using docker::ContainerState;
using docker::HealthState;
using docker::RestartPolicy;
using testing::HasSubstr;

/// On the way back, with its new limits still.
struct Reverting : InPlaceWeb {
    explicit Reverting(const Limits& to = limits("1", "768M"), Duration since = {}) : InPlaceWeb(to) {
        in(Stage::revert, since).changed();
        replica().failure = "it did not work";
        watch.blue_runs = 1h;
    }
};

TEST(InPlaceRevert, raises_at_once_and_ends_as_it_was) {
    Reverting web(limits("0.25", "256M"));
    EXPECT_EQ(web.look(), "change the limits: 0.5 CPU, memory 512M, swap 1G");
    web.done();
    EXPECT_EQ(web.look(), "ended: rolled_back");
    EXPECT_EQ(web.row.failure, "it did not work");
}

TEST(InPlaceRevert, never_stops_trying_to_raise) {
    Reverting web(limits("0.25", "256M"), 24h);
    web.tried(Act::change_limits, ErrorCode::conflict, 1min, 500);
    EXPECT_THAT(web.look(), HasSubstr("change the limits"));
    web.tried(Act::change_limits, ErrorCode::conflict, 1s, 501);
    EXPECT_EQ(web.look(), "wait: change the limits: no luck");
    EXPECT_EQ(web.look_again, 29s);
}

TEST(InPlaceRevert, lowers_again_in_steps_while_what_is_in_use_fits) {
    Reverting web(limits("0.5", "2G"));
    EXPECT_EQ(web.look(), "change the limits: memory 1536M, swap 2G");
    web.done().tried(Act::change_limits, std::nullopt, 1s);
    EXPECT_EQ(web.look(), "change the limits: memory 1152M, swap 1664M");
    web.done();
    web.watch.in_stage = 10min;  // it fits: however long it takes
    EXPECT_EQ(web.look(), "change the limits: memory 864M, swap 1376M");
    web.done();
    EXPECT_EQ(web.look(), "change the limits: memory 648M, swap 1160M");
    web.done();
    EXPECT_EQ(web.look(), "change the limits: memory 512M, swap 1G");
    web.done();
    EXPECT_EQ(web.look(), "ended: rolled_back");
}

TEST(InPlaceRevert, keeps_the_new_limits_when_what_is_in_use_does_not_fit_any_more) {
    Reverting web;
    web.uses("500M");
    EXPECT_EQ(web.look(), "wait: web-1 uses so much memory that it can't be limited to less than 566M");
    EXPECT_EQ(web.blue().limits, limits("1", "768M"));  // the CPU, too
    web.watch.in_stage = 120s;
    EXPECT_EQ(web.look(), "ended: failed");
    EXPECT_EQ(
        web.row.failure,
        "it did not work; web-1 uses so much memory that it can't be limited to less than 566M, so web-1 "
        "keeps its new limits");
}

TEST(InPlaceRevert, goes_up_again_when_it_is_stopped_half_way_down) {
    Reverting web(limits("1", "2G"));
    EXPECT_EQ(web.look(), "change the limits: 0.5 CPU, memory 1536M, swap 2G");
    web.done().uses("1000M").tried(Act::change_limits);
    EXPECT_THAT(web.look(), HasSubstr("wait: web-1 uses so much memory"));
    web.watch.in_stage = 120s;
    EXPECT_EQ(web.look(), "change the limits: 1 CPU, memory 2G, swap 4G");
    web.done();
    EXPECT_EQ(web.look(), "ended: failed");
    EXPECT_EQ(web.blue().limits, limits("1", "2G"));
}

TEST(InPlaceRevert, forgets_a_restart_and_waits_for_room_anew) {
    Reverting web(limits("1", "2G"));
    web.look();
    web.done().uses("1000M");  // and a new process looks
    EXPECT_THAT(web.look(), HasSubstr("wait: web-1 uses so much memory"));
    web.uses("100M");
    EXPECT_EQ(web.look(), "change the limits: memory 1152M, swap 1664M");
}

TEST(InPlaceRevert, keeps_the_new_limits_when_the_engine_refuses_the_old_ones_again_and_again) {
    Reverting web(limits("1", "2G"), 120s);
    web.tried(Act::change_limits, ErrorCode::unavailable, 1min, 19);
    EXPECT_THAT(web.look(), HasSubstr("change the limits"));
    web.tried(Act::change_limits, ErrorCode::unavailable, 1min, 20);
    EXPECT_EQ(web.look(), "ended: failed");
    EXPECT_THAT(web.row.failure, HasSubstr("less memory could not be set, so web-1 keeps its new limits"));
}

TEST(InPlaceRevert, says_so_when_the_kernel_keeps_another_limit_than_the_engine_tells) {
    Reverting web(limits("0.25", "256M"));
    web.look();
    web.done();
    web.sight.usage->memory_limit = bytes("256M");
    web.tried(Act::change_limits, std::nullopt, 30s, 20).watch.in_stage = 119s;
    EXPECT_EQ(web.look(), "change the limits: memory 512M, swap 1G");
    web.watch.in_stage = 120s;
    EXPECT_EQ(web.look(), "ended: failed");
    EXPECT_THAT(web.row.failure, HasSubstr("the kernel allows web-1 256M of memory, not 512M"));
}

TEST(InPlaceRevert, changes_nothing_where_nothing_was_changed) {
    InPlaceWeb web;
    web.at(Stage::revert).replica().failure = "before anything was done";
    EXPECT_EQ(web.look(), "ended: rolled_back");
}

TEST(InPlaceRevert, has_failed_without_a_container) {
    Reverting web;
    web.sight.blue.reset();
    web.sight.usage.reset();
    EXPECT_EQ(web.look(), "ended: failed");
}

TEST(InPlaceRevert, starts_what_ran_out_of_memory_and_stays_down) {
    for (const RestartPolicy policy : {RestartPolicy::no, RestartPolicy::on_failure}) {
        Reverting web(limits("0.5", "256M"));
        web.ended(137).blue().restart.policy = policy;
        EXPECT_EQ(web.look(), "change the limits: memory 512M, swap 1G");
        web.done();
        EXPECT_EQ(web.look(), "start the old container again");
        web.blue().state = ContainerState::running;
        web.uses("100M");
        web.blue().health = HealthState::starting;
        EXPECT_EQ(web.look(), "wait: web-1 is still starting");
        web.blue().health = HealthState::healthy;
        EXPECT_EQ(web.look(), "ended: rolled_back");
    }
}

TEST(InPlaceRevert, leaves_what_ended_otherwise_to_the_engine_and_to_people) {
    Reverting stopped(limits("0.5", "256M"));
    stopped.ended(137).blue().restart.policy = RestartPolicy::always;  // somebody stopped it
    stopped.look();
    EXPECT_EQ(stopped.done().look(), "ended: rolled_back");
    Reverting finished(limits("0.5", "256M"));
    finished.ended(0).blue().restart.policy = RestartPolicy::no;
    finished.look();
    EXPECT_EQ(finished.done().look(), "ended: rolled_back");
}

TEST(InPlaceRevert, sees_it_serve_again_but_not_for_ever) {
    Reverting web(limits("0.5", "256M"));
    web.look();
    web.done().blue().health = HealthState::unhealthy;
    EXPECT_EQ(web.look(), "wait: web-1 is unhealthy");
    web.watch.in_stage = 120s;
    EXPECT_EQ(web.look(), "ended: rolled_back");
}

TEST(InPlaceRevert, runs_the_hook_once_before_either_end) {
    Reverting back(limits("0.5", "256M"));
    back.terms.hooks.on_rollback = true;
    back.look();
    EXPECT_EQ(back.done().look(), "run the hook `on_rollback`");
    back.tried(Act::rollback_hook, ErrorCode::io);
    EXPECT_EQ(back.look(), "ended: rolled_back");
    Reverting stays(limits("1", "768M"), 120s);
    stays.terms.hooks.on_rollback = true;
    EXPECT_EQ(stays.uses("500M").look(), "run the hook `on_rollback`");
    EXPECT_EQ(stays.tried(Act::rollback_hook).look(), "ended: failed");
}

/// Two replicas, of which the first has its new limits.
struct SecondOfTwo : InPlaceWeb {
    explicit SecondOfTwo(const Limits& to) : InPlaceWeb(to) {
        add_replica().to = to;
        in(Stage::update);
        replica().stage = Stage::done;
        const InPlace first = *replica().in_place;
        row.current = 1;
        sight.blue = container('c', "web-3", limits("0.5", "512M"));
        in(Stage::revert);
        replica().failure = "it did not work";
        row.replicas[0].in_place = first;
    }
    void first_again() {
        sight.blue = container('a', "web-1", row.replicas[2].from);
        uses("100M");
        at(stage());
    }
};

TEST(InPlaceReplicas, turn_back_one_after_the_other) {
    SecondOfTwo web(limits("1", "768M"));
    EXPECT_EQ(web.look(), "wait: the next replica is looked at");
    EXPECT_EQ(web.row.failure, "it did not work");
    ASSERT_EQ(web.row.replicas.size(), 3U);
    EXPECT_EQ(web.row.current, 2U);
    EXPECT_EQ(web.replica().blue, id('a'));
    EXPECT_EQ(web.replica().blue_name, "web-1");
    EXPECT_EQ(web.replica().to, limits("0.5", "512M"));
    web.first_again();
    EXPECT_EQ(web.look(), "change the limits: 0.5 CPU, memory 576M, swap 1088M");
    EXPECT_EQ(phase_of(web.row), Phase::rollback);
    web.done().tried(Act::change_limits);
    EXPECT_EQ(web.look(), "change the limits: memory 512M, swap 1G");
    web.done();
    EXPECT_EQ(web.look(), "ended: rolled_back");
    EXPECT_EQ(web.row.failure, "it did not work");
    EXPECT_EQ(web.row.current, 2U);
}

TEST(InPlaceReplicas, keep_their_new_limits_whole_where_the_old_ones_do_not_fit_any_more) {
    SecondOfTwo web(limits("1", "768M"));
    web.look();
    web.first_again();
    web.uses("600M");
    EXPECT_EQ(web.look(), "wait: web-1 uses so much memory that it can't be limited to less than 676M");
    EXPECT_EQ(web.blue().limits, limits("1", "768M"));  // the CPU, too
    web.watch.in_stage = 120s;
    EXPECT_EQ(web.look(), "ended: failed");
    EXPECT_EQ(web.row.failure,
              "it did not work; then: web-1 uses so much memory that it can't be limited to less than 676M, "
              "so web-1 keeps its new limits");
}

TEST(InPlaceReplicas, never_stop_raising_on_the_way_back) {
    SecondOfTwo web(limits("0.25", "256M"));
    web.look();
    web.first_again();
    web.tried(Act::change_limits, ErrorCode::conflict, 1min, 500).watch.in_stage = 24h;
    EXPECT_EQ(web.look(), "change the limits: 0.5 CPU, memory 512M, swap 1G");
    web.blue().oom_killed = true;
    EXPECT_EQ(web.look(), "change the limits: 0.5 CPU, memory 512M, swap 1G");
}

}  // namespace
}  // namespace rm::deploy::test
