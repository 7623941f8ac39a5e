// SPDX-License-Identifier: Apache-2.0
// What a controller does that finds a deployment half done: the journal's row, the engine, and no memory of
// its own. And what becomes of several replicas.
#include "deploy/advance.h"

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

/// A new process looks at a deployment in this stage.
struct Found : Picture {
    explicit Found(Stage stage, Strategy strategy = Strategy::blue_green) : Picture(strategy) {
        at(stage);
        watch.blue_runs = std::nullopt;
    }
    Found& with_green(ContainerState state = ContainerState::running,
                      HealthState health = HealthState::healthy) {
        green().state = state;
        green().health = health;
        return *this;
    }
    Found& blue_stopped() {
        replica().drained = true;
        replica().stopping = blue().started_at;
        blue().state = ContainerState::exited;
        blue().restart.policy = RestartPolicy::no;
        return *this;
    }
};

TEST(AfterACrash, a_row_without_green_creates_it_again) {
    EXPECT_EQ(Found(Stage::create).look(), "create the new container");
}

TEST(AfterACrash, a_green_that_was_created_is_started) {
    Found web(Stage::create);
    EXPECT_EQ(web.with_green(ContainerState::created).look(), "complete the new container");
    Found later(Stage::start);
    EXPECT_EQ(later.with_green(ContainerState::created).look(), "start the new container");
}

TEST(AfterACrash, an_unhealthy_green_next_to_a_running_blue_is_removed) {
    Found web(Stage::health);
    EXPECT_EQ(web.with_green(ContainerState::running, HealthState::unhealthy).look(),
              "keep what the new container last said");
    web.tried(Act::keep_evidence);
    EXPECT_EQ(web.look(), "remove the new container");
    web.sight.green.reset();
    EXPECT_EQ(web.look(), "ended: rolled_back");
}

TEST(AfterACrash, a_blue_that_was_pinned_gets_its_policy_back_on_the_way_back) {
    Found web(Stage::drain);
    web.replica().drained = true;
    web.blue().restart.policy = RestartPolicy::no;
    EXPECT_EQ(web.with_green(ContainerState::running, HealthState::unhealthy).look(),
              "give the old container its restart policy back");
}

TEST(AfterACrash, with_both_healthy_it_goes_on_with_the_drain) {
    Found web(Stage::drain);
    web.replica().drained = true;
    web.blue().restart.policy = RestartPolicy::no;
    EXPECT_EQ(web.with_green().look(), "wait: web-1 finishes the requests it has");
}

TEST(AfterACrash, a_green_of_which_nobody_knows_how_long_it_ran_must_prove_it_again) {
    Found web(Stage::pin);
    web.terms.health = HealthBy::running;
    EXPECT_EQ(web.with_green().look(), "wait: web-2 has not run for 10s without a restart yet");
}

TEST(AfterACrash, with_blue_stopped_and_green_healthy_it_goes_on_observing) {
    for (const Stage stage : {Stage::stop, Stage::observe}) {
        Found web(stage);
        EXPECT_EQ(web.with_green().blue_stopped().look(), "wait: web-2 stays healthy alone");
        EXPECT_EQ(web.stage(), Stage::observe);
    }
}

TEST(AfterACrash, with_blue_stopped_and_green_bad_blue_is_started_and_green_removed) {
    Found web(Stage::observe);
    EXPECT_EQ(web.with_green(ContainerState::exited).blue_stopped().look(), "start the old container again");
    web.blue().state = ContainerState::running;
    *web.blue().started_at += 1h;
    EXPECT_EQ(web.look(), "give the old container its restart policy back");
    web.blue().restart.policy = RestartPolicy::unless_stopped;
    EXPECT_EQ(web.look(), "keep what the new container last said");
    web.tried(Act::keep_evidence);
    EXPECT_EQ(web.look(), "remove the new container");
    web.sight.green.reset();
    EXPECT_EQ(web.look(), "ended: rolled_back");
    EXPECT_EQ(web.row.failure, "web-2 ended with exit code 0");
}

TEST(AfterACrash, a_rename_that_was_done_is_not_done_again) {
    Found web(Stage::swap);
    web.with_green().blue_stopped();
    web.replica().final_name = "web-1";
    web.replica().green_name = "web-1.5eed";
    web.green().name = "web-1";
    web.blue().name = "web-1.old.5eed";
    EXPECT_EQ(web.look(), "remove the old container");
}

TEST(AfterACrash, a_blue_that_was_removed_already_is_the_end) {
    Found web(Stage::remove);
    web.with_green().sight.blue.reset();
    EXPECT_EQ(web.look(), "ended: succeeded");
}

TEST(AfterACrash, limits_that_were_changed_already_are_not_changed_again) {
    Found web(Stage::update, Strategy::in_place);
    web.replica().in_place = InPlace{.before = fields(limits("0.5", "512M")),
                                     .after = fields(limits("1", "768M")),
                                     .condition = InPlace::Condition::serving,
                                     .run = web.blue().started_at};
    web.sight.blue = container('a', "web-1", limits("1", "768M"));
    web.uses("100M");
    EXPECT_EQ(web.look(), "wait: web-1 stays healthy with its new limits");
}

TEST(Advance, remembers_green_as_soon_as_it_is_seen) {
    Found web(Stage::health);
    web.with_green(ContainerState::running, HealthState::starting).look();
    EXPECT_EQ(web.replica().green, id('b'));
}

TEST(Advance, of_an_ended_deployment_does_nothing) {
    Picture web;
    web.row.outcome = Outcome::rolled_back;
    const Deployment before = web.row;
    EXPECT_EQ(web.look(), "ended: rolled_back");
    EXPECT_EQ(web.row, before);
}

TEST(Advance, that_ends_tells_the_journal_so_in_the_same_step) {
    Found web(Stage::remove);
    web.with_green().sight.blue.reset();
    const Step step = advance(web.row, web.sight, web.watch, web.terms);
    EXPECT_TRUE(std::holds_alternative<Ended>(step.todo));
    EXPECT_EQ(step.next.outcome, Outcome::succeeded);
    EXPECT_EQ(step.next.current, 0U);
}

/// Three replicas: web-1 was replaced by web-2, and now it is the turn of web-3.
struct SecondOfThree : Picture {
    explicit SecondOfThree(Stage stage) {
        add_replica();
        add_replica().blue = id('d');
        row.replicas[0].stage = Stage::done;
        row.replicas[0].green = id('b');
        row.current = 1;
        sight.blue = container('c', "web-3", limits("0.5", "512M"));
        sight.green = container('e', "web-4", limits("1", "768M"));
        at(stage);
        watch.green_good = 1h;
    }
};

TEST(Replicas, are_replaced_one_after_the_other) {
    SecondOfThree web(Stage::remove);
    web.sight.blue.reset();
    EXPECT_EQ(web.look(), "wait: the next replica is looked at");
    EXPECT_EQ(web.row.current, 2U);
    EXPECT_EQ(web.stage(), Stage::prepare);
    EXPECT_EQ(web.row.outcome, Outcome::under_way);
    web.sight.blue = container('d', "web-3", limits("0.5", "512M"));
    web.sight.green = container('f', "web-4", limits("1", "768M"));
    web.at(Stage::remove).sight.blue.reset();
    EXPECT_EQ(web.look(), "ended: succeeded");
}

TEST(Replicas, that_were_replaced_are_turned_back_when_a_later_one_fails) {
    SecondOfThree web(Stage::clear);
    web.sight.green.reset();
    web.replica().failure = "web-4 is unhealthy";
    EXPECT_EQ(web.look(), "wait: the next replica is looked at");
    EXPECT_EQ(web.row.failure, "web-4 is unhealthy");
    ASSERT_EQ(web.row.replicas.size(), 3U);  // the third was not begun and is left as it is
    EXPECT_EQ(web.row.current, 2U);
    const Replacement& back = web.replica();
    EXPECT_EQ(back.blue, id('b'));
    EXPECT_EQ(back.blue_name, "web-2");
    EXPECT_EQ(back.final_name, "web-1");
    EXPECT_EQ(back.green_name, "web-1");
    EXPECT_EQ(back.green_number, 1);
    EXPECT_EQ(back.to, limits("0.5", "512M"));
    EXPECT_EQ(back.stage, Stage::prepare);
    EXPECT_EQ(phase_of(web.row), Phase::rollback);
    web.sight.blue.reset();
    web.sight.green = container('f', "web-1", limits("0.5", "512M"));
    web.at(Stage::remove);
    EXPECT_EQ(web.look(), "ended: rolled_back");
}

TEST(Replicas, with_a_fixed_name_are_turned_back_under_another_one_first) {
    SecondOfThree web(Stage::clear);
    web.row.replicas[0].blue_name = web.row.replicas[0].final_name = "the-web";
    web.sight.green.reset();
    web.look();
    EXPECT_EQ(web.replica().green_name, "the-web.5eed");
    EXPECT_EQ(web.replica().final_name, "the-web");
}

TEST(Replicas, end_where_a_green_had_to_stay) {
    SecondOfThree web(Stage::clear);
    web.sight.blue->state = ContainerState::exited;
    web.replica().drained = true;
    web.replica().failure = "it went back";
    web.look();
    ASSERT_TRUE(web.replica().forward);
    web.sight.blue.reset();
    web.at(Stage::remove);
    EXPECT_EQ(web.look(), "ended: failed");
    EXPECT_THAT(web.row.failure, HasSubstr("web-3 can't serve any longer, so web-4 stays"));
    EXPECT_EQ(web.row.replicas.size(), 3U);
}

}  // namespace
}  // namespace rm::deploy::test
