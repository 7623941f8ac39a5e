// SPDX-License-Identifier: Apache-2.0
// The way back of blue_green, and what must not be taken away on it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/deploy/picture.h"

namespace rm::deploy::test {
namespace {

using docker::ContainerState;
using docker::HealthState;
using docker::RestartPolicy;
using testing::HasSubstr;

/// Green is bad, and so it goes back.
struct Back : Picture {
    explicit Back(Stage stage = Stage::revive, Duration since = {}) {
        green().health = HealthState::unhealthy;
        replica().green = id('b');
        replica().failure = "web-2 is unhealthy";
        at(stage, since);
    }
    /// Blue was told to stop.
    Back& told() {
        replica().drained = true;
        replica().stopping = blue().started_at;
        return *this;
    }
    Back& stopped() {
        told().blue().state = ContainerState::exited;
        return *this;
    }
};

TEST(Revive, has_nothing_to_do_where_blue_was_not_touched) {
    Back web;
    EXPECT_EQ(web.look(), "keep what the new container last said");
    EXPECT_EQ(web.stage(), Stage::clear);
}

TEST(Revive, starts_blue_gives_it_its_policy_back_and_the_traffic) {
    Back web;
    web.terms.drain_acts = true;
    web.stopped().blue().restart.policy = RestartPolicy::no;
    EXPECT_EQ(web.look(), "start the old container again");
    web.tried(Act::start_blue, ErrorCode::conflict, 1min, 100);  // it never gives up
    EXPECT_EQ(web.look(), "start the old container again");
    web.blue().state = ContainerState::running;
    *web.blue().started_at += 1h;
    web.blue().health = HealthState::starting;
    EXPECT_EQ(web.look(), "give the old container its restart policy back");
    web.blue().restart.policy = RestartPolicy::unless_stopped;
    EXPECT_EQ(web.look(), "put the old container back into the traffic");
    web.tried(Act::end_drain);
    EXPECT_EQ(web.look(), "wait: web-1 is still starting");
    web.blue().health = HealthState::healthy;
    EXPECT_EQ(web.look(), "keep what the new container last said");
}

TEST(Revive, does_not_insist_on_a_drain_that_can_never_be_taken_back) {
    Back web(Stage::revive, 119s);
    web.terms.drain_acts = true;
    web.replica().drained = true;
    web.tried(Act::end_drain, ErrorCode::permission);
    EXPECT_EQ(web.look(), "put the old container back into the traffic");
    web.watch.in_stage = 120s;
    EXPECT_EQ(web.look(), "keep what the new container last said");  // blue is healthy all the same
    Back drained(Stage::revive, 120s);
    drained.terms.drain_acts = true;
    drained.replica().drained = true;
    drained.green().health = HealthState::healthy;
    drained.blue().health = HealthState::unhealthy;
    drained.tried(Act::end_drain, ErrorCode::permission);
    drained.look();
    EXPECT_TRUE(drained.replica().forward);  // green serves, and stays
}

TEST(Revive, waits_for_a_router_that_does_not_answer) {
    for (const ErrorCode code : {ErrorCode::unavailable, ErrorCode::timeout, ErrorCode::not_found}) {
        Back web(Stage::revive, 24h);
        web.terms.drain_acts = true;
        web.replica().drained = true;
        web.tried(Act::end_drain, code);
        EXPECT_EQ(web.look(), "put the old container back into the traffic");
    }
}

TEST(Revive, waits_for_the_end_of_a_blue_that_was_told_to_stop) {
    Back web;
    web.told().blue().health = HealthState::unhealthy;
    EXPECT_EQ(web.look(), "wait: web-1 ends before it is started again");
    web.watch.in_stage = 10s;
    EXPECT_EQ(web.look(), "kill the old container, which does not stop");
    web.blue().state = ContainerState::exited;
    EXPECT_EQ(web.look(), "start the old container again");
}

TEST(Revive, never_kills_a_blue_that_is_still_well) {
    Back web(Stage::revive, 10s);  // the journal was written, and the signal was never sent
    web.told();
    EXPECT_EQ(web.look(), "keep what the new container last said");
}

TEST(Revive, knows_a_later_run_from_the_one_that_was_told_to_stop) {
    Back web;
    web.told();
    *web.blue().started_at += 1min;
    EXPECT_EQ(web.look(), "keep what the new container last said");
}

TEST(Revive, does_not_start_what_the_engine_restarts_or_people_have_paused) {
    for (const ContainerState state : {ContainerState::restarting, ContainerState::paused}) {
        Back web;
        web.told().blue().state = state;
        *web.blue().started_at += 1min;
        EXPECT_THAT(web.look(), HasSubstr("wait: web-1"));
        web.watch.in_stage = 120s;
        web.look();
        EXPECT_EQ(web.stage(), Stage::clear);
    }
}

TEST(Revive, goes_on_without_a_good_blue_when_it_takes_too_long) {
    Back web(Stage::revive, 120s);
    web.told().blue().health = HealthState::unhealthy;
    *web.blue().started_at += 1min;
    EXPECT_EQ(web.look(), "keep what the new container last said");
}

TEST(Revive, lets_a_good_green_take_over_from_a_blue_that_can_not_be_started) {
    Back web(Stage::revive, 120s);
    web.stopped().tried(Act::start_blue, ErrorCode::conflict, 1min, 9);
    EXPECT_EQ(web.look(), "start the old container again");  // green is no better
    web.green().health = HealthState::healthy;
    web.green().name = "web-2.5eed";
    EXPECT_EQ(web.look(), "give the new container its name");
    EXPECT_TRUE(web.replica().forward);
    web.green().name = "web-2";
    EXPECT_EQ(web.look(), "remove the old container");
    web.sight.blue.reset();
    EXPECT_EQ(web.look(), "ended: failed");
    EXPECT_EQ(web.row.failure, "web-2 is unhealthy; web-1 can't serve any longer, so web-2 stays");
}

TEST(Clear, keeps_the_evidence_once_and_removes_green_for_sure) {
    Back web(Stage::clear);
    EXPECT_EQ(web.look(), "keep what the new container last said");
    web.tried(Act::keep_evidence, ErrorCode::unavailable);
    EXPECT_EQ(web.look(), "remove the new container");
    web.tried(Act::remove_green, ErrorCode::internal, 1min, 100);
    EXPECT_EQ(web.look(), "remove the new container");
    web.sight.green.reset();
    EXPECT_EQ(web.look(), "ended: rolled_back");
}

TEST(Clear, runs_the_hook_at_the_end) {
    Back web(Stage::clear);
    web.terms.hooks.on_rollback = true;
    web.sight.green.reset();
    EXPECT_EQ(web.look(), "run the hook `on_rollback`");
    web.tried(Act::rollback_hook, ErrorCode::io);
    EXPECT_EQ(web.look(), "ended: rolled_back");
}

/// Green is good, and yet the deployment goes back: a hook said no, or blue died in the wrong moment.
struct GoodGreen : Back {
    explicit GoodGreen(Stage stage = Stage::clear) : Back(stage) {
        green().health = HealthState::healthy;
        replica().failure = "somebody said no";
    }
};

TEST(Keep, takes_green_away_where_blue_serves) {
    GoodGreen web;
    EXPECT_EQ(web.look(), "keep what the new container last said");
}

TEST(Keep, leaves_green_where_blue_does_not_serve_and_nothing_else_would) {
    for (const auto& [state, health] : {std::pair{ContainerState::exited, HealthState::none},
                                        std::pair{ContainerState::restarting, HealthState::none},
                                        std::pair{ContainerState::dead, HealthState::none},
                                        std::pair{ContainerState::running, HealthState::unhealthy}}) {
        GoodGreen web;
        web.told().blue().state = state;
        web.blue().health = health;
        web.green().name = "web-2.5eed";
        EXPECT_EQ(web.look(), "give the new container its name") << docker::to_string(state);
        EXPECT_TRUE(web.replica().forward);
        EXPECT_EQ(web.replica().failure, "somebody said no; web-1 can't serve any longer, so web-2 stays");
    }
}

TEST(Keep, leaves_green_where_blue_is_gone_unless_another_replica_runs) {
    GoodGreen alone;
    alone.sight.blue.reset();
    EXPECT_EQ(alone.look(), "ended: failed");
    EXPECT_EQ(alone.row.failure, "somebody said no; web-1 can't serve any longer, so web-2 stays");
    GoodGreen together;
    together.sight.blue.reset();
    together.sight.others_run = true;
    EXPECT_EQ(together.look(), "keep what the new container last said");
}

TEST(Keep, leaves_even_a_bad_green_when_it_is_the_last_container) {
    Back web(Stage::clear);
    web.sight.blue.reset();
    EXPECT_EQ(web.look(), "ended: failed");
    EXPECT_EQ(web.row.failure, "web-2 is unhealthy; nothing else is left of the service, so web-2 stays");
}

TEST(Keep, asks_our_own_probe_before_green_is_taken_for_bad) {
    GoodGreen web;
    web.terms.health = HealthBy::probe;
    web.stopped();
    EXPECT_EQ(web.look(), "probe the new container");
    web.tried(Act::probe_green, std::nullopt, 0s);
    web.green().name = "web-2.5eed";
    web.look();
    EXPECT_TRUE(web.replica().forward);
    GoodGreen bad;
    bad.terms.health = HealthBy::probe;
    bad.stopped().tried(Act::probe_green, ErrorCode::unavailable);
    EXPECT_EQ(bad.look(), "keep what the new container last said");
}

TEST(Keep, does_not_leave_blue_without_help_when_a_green_that_stayed_turns_bad) {
    GoodGreen web;
    web.stopped().green().name = "web-2.5eed";
    web.look();
    ASSERT_TRUE(web.replica().forward);
    web.green().health = HealthState::unhealthy;
    EXPECT_EQ(web.look(), "start the old container again");
    EXPECT_FALSE(web.replica().forward);
    web.blue().state = ContainerState::running;
    *web.blue().started_at += 1h;
    EXPECT_EQ(web.look(), "keep what the new container last said");
    web.tried(Act::keep_evidence);
    web.sight.green.reset();
    EXPECT_EQ(web.look(), "ended: rolled_back");
}

}  // namespace
}  // namespace rm::deploy::test
