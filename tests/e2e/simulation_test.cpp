// SPDX-License-Identifier: Apache-2.0
// The daemon on its invented fleet, and what the commands show of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/asking.h"
#include "tests/e2e/daemon_process.h"

namespace rm::e2e {
namespace {

using testing::HasSubstr;

class Simulation : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(eventually([&] {
            return get(daemon.url("/metrics"))
                       .body.find("resource_manager_proposals_total{service=\"oauth\"} 1") !=
                   std::string::npos;
        }));
    }

    std::string ask(std::vector<std::string> words) {
        words.insert(words.end(), {"--url", daemon.url("")});
        const auto outcome = resource_manager(words);
        EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
        return outcome.out;
    }

    TemporaryDirectory directory;
    DaemonProcess daemon{directory.path(), {"--simulate", "--dry-run", "--speed", "1200"}};
};

TEST_F(Simulation, its_services_live_in_status_explain_plan_and_decisions) {
    EXPECT_THAT(ask({"status"}),
                testing::AllOf(HasSubstr("postgres"), HasSubstr("SERVICE"), HasSubstr("dry-run")));
    EXPECT_THAT(ask({"status", "--json"}), HasSubstr("\"usage_cores\""));
    EXPECT_THAT(ask({"explain", "oauth"}), testing::AllOf(HasSubstr("Gates"), HasSubstr("cooldown")));
    EXPECT_FALSE(ask({"plan"}).empty());
    EXPECT_THAT(ask({"decisions", "oauth"}),
                testing::AllOf(HasSubstr("would_adjust"), HasSubstr("below 30%")));
    EXPECT_THAT(get(daemon.url("/api/services/traefik")).body, HasSubstr("\"gates\""));
}

TEST_F(Simulation, its_metrics_have_the_names_that_dashboards_look_for) {
    const std::string metrics = get(daemon.url("/metrics")).body;
    for (const char* name : {"resource_manager_total_adjustments", "resource_manager_successful_adjustments",
                             "resource_manager_failed_adjustments", "resource_manager_blue_green_deployments",
                             "resource_manager_rollbacks", "resource_manager_cpu_usage_ratio"})
        EXPECT_THAT(metrics, HasSubstr(std::string(name) + "{service=\"grafana\"}"));
    EXPECT_THAT(metrics, HasSubstr("resource_manager_services{class=\"normal\"} 12"));
}

TEST_F(Simulation, it_keeps_nothing) {
    EXPECT_FALSE(std::filesystem::exists(directory.path() / "data"));
}

}  // namespace
}  // namespace rm::e2e
