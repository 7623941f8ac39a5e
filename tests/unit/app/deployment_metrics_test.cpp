// SPDX-License-Identifier: Apache-2.0
#include "app/deployment_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deploy/setbacks.h"
#include "store/deployments.h"
#include "telemetry/metrics.h"

namespace rm::app {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class DeploymentMetricsTest : public testing::Test {
protected:
    DeploymentMetricsTest() {
        all.add(metrics);
        find({"shop/web", "shop/api"});
    }

    void find(const std::vector<std::string>& services) const {
        auto check = std::make_shared<decide::Check>();
        for (const std::string& name : services) {
            const auto service = ServiceName::parse(name).value();
            check->services.push_back({.shown_as = service.service(),
                                       .service = {.name = service, .replicas = {}, .host = {}, .pause = {}},
                                       .policy = {},
                                       .verdict = {}});
        }
        metrics->checked(check);
    }

    void end(deploy::Outcome outcome, config::Strategy strategy = config::Strategy::blue_green,
             std::string_view by = "reconcile loop") const {
        metrics->ended({.token = "5eed",
                        .engine = "one",
                        .service = ServiceName::parse("shop/web").value(),
                        .strategy = strategy,
                        .requested_by = std::string(by),
                        .reason = "to see",
                        .from = {.cpu = Cores::whole(1), .memory = Bytes::mebi(256)},
                        .to = {.cpu = Cores::whole(2), .memory = Bytes::mebi(512)},
                        .created_at = {},
                        .outcome = outcome,
                        .phase_since = {},
                        .finished_at = WallTime(1'000s),
                        .replicas = {}},
                       45s);
    }

    telemetry::Metrics all;
    std::shared_ptr<DeploymentMetrics> metrics = std::make_shared<DeploymentMetrics>(all.registry());
};

TEST_F(DeploymentMetricsTest, every_service_counts_from_zero) {
    const std::string text = all.expose();
    EXPECT_THAT(text, HasSubstr("resource_manager_total_adjustments{service=\"api\"} 0"));
    EXPECT_THAT(text, HasSubstr("blue_green_deployment_total{service=\"api\",status=\"success\"} 0"));
    EXPECT_THAT(text, Not(HasSubstr("blue_green_deployment_timestamp")));
    EXPECT_THAT(text, HasSubstr("resource_manager_deployments_in_progress{phase=\"drain\"} 0"));
}

TEST_F(DeploymentMetricsTest, one_that_succeeded_shows_under_the_names_of_the_first_version) {
    end(deploy::Outcome::succeeded);
    const std::string text = all.expose();
    for (const char* const line :
         {"blue_green_deployment_total{service=\"web\",status=\"success\"} 1",
          "blue_green_deployment_duration_seconds{service=\"web\",status=\"success\"} 45",
          "blue_green_deployment_timestamp{service=\"web\"} 1000", "blue_green_cpu_limit{service=\"web\"} 2",
          "blue_green_memory_limit_bytes{service=\"web\"} 536870912",
          "resource_manager_total_adjustments{service=\"web\"} 1",
          "resource_manager_successful_adjustments{service=\"web\"} 1",
          "resource_manager_failed_adjustments{service=\"web\"} 0",
          "resource_manager_blue_green_deployments{service=\"web\"} 1",
          "resource_manager_rollbacks{service=\"web\"} 0"})
        EXPECT_THAT(text, HasSubstr(line));
}

TEST_F(DeploymentMetricsTest, one_that_was_rolled_back_counts_as_failed_and_shows_the_old_limits) {
    end(deploy::Outcome::rolled_back);
    const std::string text = all.expose();
    EXPECT_THAT(text, HasSubstr("blue_green_deployment_total{service=\"web\",status=\"rolled_back\"} 1"));
    EXPECT_THAT(text, HasSubstr("resource_manager_failed_adjustments{service=\"web\"} 1"));
    EXPECT_THAT(text, HasSubstr("resource_manager_rollbacks{service=\"web\"} 1"));
    EXPECT_THAT(text, HasSubstr("blue_green_cpu_limit{service=\"web\"} 1"));
}

TEST_F(DeploymentMetricsTest, other_strategies_are_adjustments_but_not_blue_green) {
    end(deploy::Outcome::succeeded, config::Strategy::in_place);
    const std::string text = all.expose();
    EXPECT_THAT(text, HasSubstr("resource_manager_total_adjustments{service=\"web\"} 1"));
    EXPECT_THAT(text, HasSubstr("resource_manager_blue_green_deployments{service=\"web\"} 0"));
    EXPECT_THAT(text, HasSubstr("blue_green_deployment_total{service=\"web\",status=\"success\"} 0"));
}

TEST_F(DeploymentMetricsTest, what_the_sweep_takes_away_is_no_adjustment) {
    end(deploy::Outcome::rolled_back, config::Strategy::blue_green, store::requested_by_sweep);
    EXPECT_THAT(all.expose(), HasSubstr("resource_manager_total_adjustments{service=\"web\"} 0"));
}

TEST_F(DeploymentMetricsTest, a_service_that_is_gone_takes_its_series_with_it) {
    end(deploy::Outcome::succeeded);
    find({"shop/api"});
    EXPECT_THAT(all.expose(), Not(HasSubstr("service=\"web\"")));
}

TEST_F(DeploymentMetricsTest, phases_are_measured_and_those_under_way_counted) {
    metrics->left_phase(deploy::Phase::drain, 35s);
    metrics->follow([] {
        return std::vector<deploy::UnderWay>{{.id = 1,
                                              .service = ServiceName::parse("shop/web").value(),
                                              .phase = deploy::Phase::health,
                                              .since = {},
                                              .phase_since = {},
                                              .waits_for = {},
                                              .from = {},
                                              .to = {}}};
    });
    const std::string text = all.expose();
    EXPECT_THAT(
        text,
        HasSubstr("resource_manager_deployment_phase_duration_seconds_bucket{phase=\"drain\",le=\"60\"} 1"));
    EXPECT_THAT(text, HasSubstr("resource_manager_deployments_in_progress{phase=\"health\"} 1"));
}

}  // namespace
}  // namespace rm::app
