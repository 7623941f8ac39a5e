// SPDX-License-Identifier: Apache-2.0
// The daemon that really deploys, on its invented fleet.
#include <chrono>
#include <csignal>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/asking.h"
#include "tests/e2e/daemon_process.h"

namespace rm::e2e {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

/// Decides after three minutes of the simulation; what is slow here for want of a machine is no failure.
const std::string brisk =
    "monitoring: {check_interval: 1m, window: 1m}\n"
    "thresholds: {min_uptime: 1m}\n";

class Deployments : public testing::Test {
protected:
    [[nodiscard]] std::vector<std::string> arguments(const std::string& deployment) const {
        return {"--simulate",
                "--speed",
                "600",
                "--set",
                "store.url=sqlite:deployments.db",
                "--config",
                directory.file("c.yml", brisk + "deployment: {health_timeout: 1h, " + deployment + "}\n")};
    }

    static double sum_of(DaemonProcess& daemon, const std::string& family, const std::string& with) {
        double sum = 0;
        for (const auto& [name, value] : series_of(get(daemon.url("/metrics")).body))
            if (name.starts_with(family + "{") && name.find(with) != std::string::npos) sum += value;
        return sum;
    }

    TemporaryDirectory directory;
};

TEST_F(Deployments, what_is_decided_is_carried_out_and_shown) {
    DaemonProcess daemon(directory.path(), arguments("drain: 30s"));
    daemon.wait_for_line("reconcile adjusts");
    const std::string told = daemon.wait_for_line("deploy    deployed");
    EXPECT_THAT(told, AllOf(HasSubstr("deployment=1 "), HasSubstr("strategy=blue_green"),
                            HasSubstr("outcome=succeeded")));
    for (const char* const phase : {"create", "health", "drain", "observe", "finish"})
        EXPECT_THAT(daemon.lines(), Contains(AllOf(HasSubstr("next phase deployment=1 "),
                                                   HasSubstr(std::string("phase=") + phase))));

    EXPECT_TRUE(
        eventually([&] { return sum_of(daemon, "blue_green_deployment_total", "status=\"success\"") >= 1; }));
    const std::string metrics = get(daemon.url("/metrics")).body;
    for (const char* const family :
         {"blue_green_deployment_duration_seconds", "blue_green_deployment_timestamp", "blue_green_cpu_limit",
          "blue_green_memory_limit_bytes"})
        EXPECT_GT(sum_of(daemon, family, "service="), 0) << family;
    EXPECT_GE(sum_of(daemon, "resource_manager_successful_adjustments", "service="), 1);
    EXPECT_EQ(sum_of(daemon, "resource_manager_rollbacks", "service="), 0);
    EXPECT_THAT(metrics, HasSubstr("resource_manager_deployments_in_progress{phase=\"verify\"} 0"));
    EXPECT_THAT(metrics,
                HasSubstr("resource_manager_deployment_phase_duration_seconds_count{phase=\"observe\"}"));
    EXPECT_THAT(get(daemon.url("/health")).body, HasSubstr(R"("deployments":{"status":"ok")"));
}

TEST_F(Deployments, one_that_a_signal_cuts_short_is_ended_by_the_next_start) {
    const auto long_drain = arguments("drain: 1h");  // six seconds
    {
        DaemonProcess first(directory.path(), long_drain);
        first.wait_for_line("phase=drain after=health");
        const auto begin = std::chrono::steady_clock::now();
        first.signal(SIGTERM);
        EXPECT_EQ(first.wait().exit_code, 0);
        EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
        EXPECT_THAT(first.lines(), Not(Contains(HasSubstr("outcome="))));
    }
    // The simulated engine was made anew, and with it the old container alone: the journal knows more than
    // there is, and the service is brought back to what it was.
    DaemonProcess second(directory.path(), arguments("drain: 30s"));
    const std::string told = second.wait_for_line("outcome=");
    EXPECT_THAT(told, HasSubstr("deployment=1 "));
    EXPECT_THAT(second.lines(), Not(Contains(HasSubstr("stands by"))));
}

TEST_F(Deployments, of_two_on_one_engine_one_stands_by_until_the_other_is_gone) {
    DaemonProcess first(directory.path(), arguments("drain: 30s"));
    ASSERT_TRUE(eventually([&] {
        return get(first.url("/health")).body.find(R"("deployments":{"status":"ok")") != std::string::npos;
    }));
    DaemonProcess second(directory.path(), arguments("drain: 30s"));
    EXPECT_THAT(second.wait_for_line("stands by"), HasSubstr(std::to_string(first.pid())));
    EXPECT_THAT(get(second.url("/health")).body, HasSubstr("stands by: "));
    first.signal(SIGTERM);
    EXPECT_EQ(first.wait().exit_code, 0);
    EXPECT_TRUE(
        eventually([&] { return get(second.url("/health")).body.find("stands by: ") == std::string::npos; }));
}

TEST_F(Deployments, in_dry_run_nothing_is_deployed) {
    auto dry = arguments("drain: 30s");
    dry.emplace_back("--dry-run");
    DaemonProcess daemon(directory.path(), dry);
    daemon.wait_for_line("would adjust");
    EXPECT_TRUE(
        eventually([&] { return sum_of(daemon, "resource_manager_proposals_total", "service=") >= 3; }));
    EXPECT_EQ(sum_of(daemon, "resource_manager_total_adjustments", "service="), 0);
    EXPECT_EQ(sum_of(daemon, "resource_manager_deployments_in_progress", "phase="), 0);
    EXPECT_THAT(daemon.lines(), Not(Contains(HasSubstr("deployment=1 "))));
}

}  // namespace
}  // namespace rm::e2e
