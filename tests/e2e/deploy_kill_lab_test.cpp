// SPDX-License-Identifier: Apache-2.0
// The daemon is killed at every step of a deployment on a real engine: before and after each call that
// changes something, and in each of the waits. The same on the simulated engine, with more strategies and
// failures, is in tests/unit/deploy/crash_test.cpp.
#include <chrono>
#include <csignal>
#include <iostream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/e2e/deploy_lab.h"

namespace rm::e2e {
namespace {

using namespace std::chrono_literals;
using When = EngineGate::When;

/// Turns round when the old container gets no requests any more, because its health check does not know of
/// the file that says so.
const std::vector<std::string> turning_round{"deployment.drain_by=file", "deployment.drain_file=/drain"};

class DeployKillLab : public DeployLab {
protected:
    static void TearDownTestSuite() {
        std::cout << fmt::format("the daemon was killed {} times in deployments on a real engine\n", kills);
        DeployLab::TearDownTestSuite();
    }

    struct Course {
        std::string service;
        std::string strategy;
        Settings settings = {};
        std::vector<std::string> waits = {};
        std::set<std::string> ends = {"succeeded"};
        bool after_too = true;
    };

    void expect_a_good_end_everywhere(const Course& course);
    /// False when the deployment has no such call any more.
    bool kill_at_call(const Course& course, int at, When when);
    /// Less takes more calls than more, and each deployment goes the other way than the one before.
    bool kill_at_call_of_two(const Course& course, int at, When when) {
        return kill_at_call(course, at, when) || (!HasFailure() && kill_at_call(course, at, when));
    }
    void kill_in_phase(const Course& course, const std::string& phase);
    void go_on_after(const Course& course, const Begun& begun, const std::string& where);

    static inline int kills = 0;
};

void DeployKillLab::go_on_after(const Course& course, const Begun& begun, const std::string& where) {
    SCOPED_TRACE(fmt::format("killed {}", where));
    ++kills;
    EXPECT_EQ(daemon().wait().signal, SIGKILL);
    const auto down = std::chrono::steady_clock::now();
    start_daemon(course.settings);
    expect_a_good_end(begun);
    EXPECT_TRUE(course.ends.contains(end_of(begun))) << end_of(begun);
    std::cout << fmt::format("  {} {}: ended {} {:.1f}s later\n", course.strategy, where, end_of(begun),
                             std::chrono::duration<double>(std::chrono::steady_clock::now() - down).count());
}

bool DeployKillLab::kill_at_call(const Course& course, int at, When when) {
    gate().arm(at, when, daemon().pid());
    const Begun begun = this->begin(course.service, course.strategy);
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    std::string struck;
    while (struck.empty() && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(20ms);
        struck = gate().struck();
        if (struck.empty() && has_ended(begun)) break;
    }
    gate().disarm();
    if (struck.empty()) {
        expect_a_good_end(begun);
        return false;
    }
    go_on_after(course, begun,
                fmt::format("{} call {}, {}", when == When::before ? "before" : "after", at, struck));
    return true;
}

void DeployKillLab::kill_in_phase(const Course& course, const std::string& phase) {
    const Begun begun = this->begin(course.service, course.strategy);
    wait_for_phase(begun, phase);
    daemon().signal(SIGKILL);
    go_on_after(course, begun, "in phase " + phase);
}

void DeployKillLab::expect_a_good_end_everywhere(const Course& course) {
    start_daemon(course.settings);
    const HealthWatch watch(engine(), course.service);
    const int before = kills;
    for (const std::string& phase : course.waits) kill_in_phase(course, phase);
    bool more = true;
    for (int at = 1; more && !HasFailure(); ++at) {
        more = kill_at_call_of_two(course, at, When::before);
        if (more && course.after_too && !HasFailure()) more = kill_at_call_of_two(course, at, When::after);
        expect_no_gap(watch);
    }
    EXPECT_GE(kills - before, 4);
    RecordProperty("kills", kills - before);
    std::cout << fmt::format("{}: {} kills, {} looks at the service\n", course.strategy, kills - before,
                             watch.looks());
}

TEST_F(DeployKillLab, blue_green_goes_on_wherever_it_was_killed) {
    expect_a_good_end_everywhere(
        {.service = "web", .strategy = "blue_green", .waits = {"health", "drain", "observe"}});
}

TEST_F(DeployKillLab, in_place_goes_on_wherever_it_was_killed) {
    expect_a_good_end_everywhere({.service = "web", .strategy = "in_place", .waits = {"observe"}});
}

TEST_F(DeployKillLab, a_way_back_is_gone_to_its_end_wherever_it_was_killed) {
    expect_a_good_end_everywhere({.service = "web",
                                  .strategy = "blue_green",
                                  .settings = turning_round,
                                  .waits = {"rollback"},
                                  .ends = {"rolled_back"},
                                  .after_too = is_thorough()});
}

TEST_F(DeployKillLab, after_a_kill_the_next_daemon_does_not_stand_by) {
    start_daemon();
    const Begun begun = this->begin("web", "blue_green");
    wait_for_phase(begun, "health");
    kill_daemon();
    ++kills;
    start_daemon();
    const auto up = std::chrono::steady_clock::now();
    expect_a_good_end(begun);
    EXPECT_LT(std::chrono::steady_clock::now() - up, 20s);
    EXPECT_THAT(daemon().lines(), testing::Not(testing::Contains(testing::HasSubstr("stands by"))));
}

}  // namespace
}  // namespace rm::e2e
