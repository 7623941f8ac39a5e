// SPDX-License-Identifier: Apache-2.0
#include "deploy/script_stages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/deploy/picture.h"

namespace rm::deploy::test {
namespace {

using docker::ContainerState;
using docker::HealthState;
using testing::HasSubstr;

/// A script deploys `web`, which has two replicas.
struct Scripted : Picture {
    Scripted() : Picture(config::Strategy::script) {
        add_replica();
        sight.replicas = {blue(), container('c', "web-3", limits("0.5", "512M"))};
    }
    /// Both replicas have the limits that were wanted, in the same containers or in new ones.
    Scripted& deployed(bool new_containers) {
        sight.replicas = {container(new_containers ? 'd' : 'a', "web-1", row.to),
                          container(new_containers ? 'e' : 'c', "web-3", row.to)};
        if (new_containers)
            sight.blue.reset();
        else
            sight.blue = sight.replicas.front();
        return *this;
    }
    Scripted& half_done() {
        sight.replicas.back() = container('e', "web-3", row.to);
        return *this;
    }
};

TEST(Script, is_run_once_and_then_looked_at) {
    Scripted web;
    EXPECT_EQ(web.look(), "run the script");
    EXPECT_TRUE(web.replica().begun);  // and so it stands in the journal
    web.tried(Act::run_script);
    web.deployed(true);
    EXPECT_EQ(web.look(), "ended: succeeded");
    EXPECT_EQ(web.row.current, 0U);
}

TEST(Script, asks_the_hook_first) {
    Scripted web;
    web.terms.hooks.before = true;
    EXPECT_EQ(web.look(), "run the hook `before`");
    EXPECT_FALSE(web.replica().begun);
    web.tried(Act::before_hook, ErrorCode::permission);
    EXPECT_EQ(web.look(), "ended: rolled_back");
}

TEST(Script, that_fails_is_not_run_again) {
    for (const ErrorCode code : {ErrorCode::io, ErrorCode::timeout, ErrorCode::unavailable}) {
        Scripted web;
        web.look();
        web.tried(Act::run_script, code);
        EXPECT_EQ(web.look(), "ended: rolled_back");  // nothing was changed
        EXPECT_EQ(web.row.failure, "the script failed: no luck");
    }
}

TEST(Script, that_fails_half_way_has_failed) {
    Scripted web;
    web.terms.hooks.on_rollback = true;
    web.look();
    web.half_done().tried(Act::run_script, ErrorCode::io);
    EXPECT_EQ(web.look(), "run the hook `on_rollback`");
    web.tried(Act::rollback_hook);
    EXPECT_EQ(web.look(), "ended: failed");
    EXPECT_EQ(
        web.row.failure,
        "the script failed: no luck; what the script left is not what was there before, and how to take "
        "it back is not known");
}

TEST(Script, that_stopped_the_service_has_not_left_it_as_it_was) {
    Scripted web;
    web.look();
    web.sight.replicas.front().state = ContainerState::exited;
    web.tried(Act::run_script, ErrorCode::io);
    EXPECT_EQ(web.look(), "ended: failed");
}

TEST(ScriptAfterACrash, is_not_run_again_when_it_did_its_work) {
    for (const bool new_containers : {false, true}) {
        Scripted web;
        web.replica().begun = true;
        web.at(Stage::script);
        web.deployed(new_containers);
        EXPECT_EQ(web.look(), "ended: succeeded");
    }
}

TEST(ScriptAfterACrash, is_not_run_again_when_anything_was_changed) {
    Scripted web;
    web.replica().begun = true;
    web.at(Stage::script);
    web.half_done();
    EXPECT_EQ(web.look(), "wait: web-1 has 0.5 CPU, 512M, not 1 CPU, 768M");
    EXPECT_EQ(web.stage(), Stage::check);
    web.watch.in_stage = 120s;
    EXPECT_EQ(web.look(), "ended: failed");
    EXPECT_THAT(web.row.failure, HasSubstr("web-1 has 0.5 CPU, 512M, not 1 CPU, 768M, 2m after the script"));
}

TEST(ScriptAfterACrash, is_run_again_when_nothing_is_changed_for_a_while) {
    Scripted web;
    web.replica().begun = true;
    web.at(Stage::script, 119s);
    EXPECT_EQ(web.look(), "wait: whether the script is still at work is not known");
    web.watch.in_stage = 120s;
    EXPECT_EQ(web.look(), "run the script");
}

TEST(ScriptAfterACrash, that_came_before_it_was_run_is_run_at_once) {
    Scripted web;
    web.at(Stage::script);
    EXPECT_EQ(web.look(), "run the script");
}

TEST(ScriptThatWasCancelled, is_treated_as_after_a_crash) {
    Scripted web;
    web.look();
    web.tried(Act::run_script, ErrorCode::cancelled);
    EXPECT_EQ(web.look(), "wait: whether the script is still at work is not known");
    web.deployed(true);
    EXPECT_EQ(web.look(), "ended: succeeded");
}

/// A service of which the script left something to be wished.
struct Wish {
    std::string name;
    void (*left)(Scripted& web);
    std::string reason;
};

void PrintTo(const Wish& wish, std::ostream* out) {
    *out << wish.name;
}

class ScriptCheck : public testing::TestWithParam<Wish> {};

TEST_P(ScriptCheck, waits_for_a_while_and_then_fails) {
    Scripted web;
    web.deployed(true).at(Stage::check, 119s);
    GetParam().left(web);
    EXPECT_EQ(web.look(), "wait: " + GetParam().reason);
    web.watch.in_stage = 120s;
    EXPECT_EQ(web.look(), "ended: failed");
    EXPECT_THAT(web.row.failure, HasSubstr(GetParam().reason + ", 2m after the script"));
}

INSTANTIATE_TEST_SUITE_P(
    Each, ScriptCheck,
    testing::Values(
        Wish{"old_limits",
             [](Scripted& web) { web.sight.replicas[1] = container('e', "web-3", limits("0.5", "512M")); },
             "web-3 has 0.5 CPU, 512M, not 1 CPU, 768M"},
        Wish{"almost",
             [](Scripted& web) { web.sight.replicas[1] = container('e', "web-3", limits("1", "769M")); },
             "web-3 has 1 CPU, 769M, not 1 CPU, 768M"},
        Wish{"unlimited", [](Scripted& web) { web.sight.replicas[1] = container('e', "web-3", Limits{}); },
             "web-3 has unlimited CPU, unlimited memory, not 1 CPU, 768M"},
        Wish{"starting", [](Scripted& web) { web.sight.replicas[0].health = HealthState::starting; },
             "web-1 is still starting"},
        Wish{"unhealthy", [](Scripted& web) { web.sight.replicas[0].health = HealthState::unhealthy; },
             "web-1 is unhealthy"},
        Wish{"restarting", [](Scripted& web) { web.sight.replicas[0].state = ContainerState::restarting; },
             "web-1 ended and is about to be restarted"},
        Wish{"paused", [](Scripted& web) { web.sight.replicas[0].state = ContainerState::paused; },
             "web-1 is paused"},
        Wish{"none", [](Scripted& web) { web.sight.replicas.clear(); }, "no container of shop/web runs"},
        Wish{"stopped",
             [](Scripted& web) {
                 for (auto& replica : web.sight.replicas) replica.state = ContainerState::exited;
             },
             "no container of shop/web runs"}),
    [](const auto& one) { return one.param.name; });

TEST(ScriptCheck, does_not_mind_what_is_stopped) {
    Scripted web;
    web.deployed(true).at(Stage::check);
    web.sight.replicas.push_back(container('a', "web-1.old", limits("0.5", "512M")));
    web.sight.replicas.back().state = ContainerState::exited;
    EXPECT_EQ(web.look(), "ended: succeeded");
}

TEST(ScriptCheck, takes_the_nearest_quota_for_the_wanted_cpu) {
    Scripted web;
    web.row.to = limits("0.123456", "768M");
    web.deployed(true).at(Stage::check);
    for (auto& replica : web.sight.replicas) {
        replica.limit_fields.nano_cpus = 0;
        replica.limit_fields.cpu_quota = 12'346;
        replica.limits = docker::limits_of(replica.limit_fields).value();
    }
    EXPECT_EQ(web.look(), "ended: succeeded");
}

TEST(ScriptCheck, sees_one_without_a_health_check_run_for_a_while) {
    Scripted web;
    web.deployed(true).at(Stage::check);
    for (auto& replica : web.sight.replicas) replica.health_check.reset();
    EXPECT_EQ(web.look(), "wait: web-1 has not run for 10s without a restart yet");
    web.watch.runs = {{id('d'), 10s}, {id('e'), 9s}};
    EXPECT_EQ(web.look(), "wait: web-3 has not run for 10s without a restart yet");
    web.watch.runs[id('e')] = 10s;
    EXPECT_EQ(web.look(), "ended: succeeded");
}

TEST(ScriptCheck, runs_the_hooks_at_the_end) {
    Scripted web;
    web.terms.hooks.after_healthy = web.terms.hooks.after = true;
    web.deployed(true).at(Stage::check);
    EXPECT_EQ(web.look(), "run the hook `after_healthy`");
    web.tried(Act::healthy_hook);
    EXPECT_EQ(web.look(), "run the hook `after`");
    web.tried(Act::after_hook, ErrorCode::io);
    EXPECT_EQ(web.look(), "ended: succeeded");
}

}  // namespace
}  // namespace rm::deploy::test
