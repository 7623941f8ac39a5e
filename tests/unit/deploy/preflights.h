// SPDX-License-Identifier: Apache-2.0
// One container, to be changed in the point that a test is about, and what preflight says of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deploy/preflight.h"
#include "docker/read.h"
#include "tests/unit/docker/clone_documents.h"

namespace rm::deploy::test {

/// shop/web of Compose: it runs, is healthy, and nothing stands in the way.
class Preflights : public testing::Test {
protected:
    void SetUp() override {
        docker::test::set(document, "/State",
                          docker::test::json_of(R"({"Status":"running","StartedAt":"2026-01-01T00:00:00Z",
"FinishedAt":"0001-01-01T00:00:00Z","Health":{"Status":"healthy","FailingStreak":0,"Log":[]}})"));
        docker::test::set(document, "/Created", docker::test::json_of(R"("2026-01-01T00:00:00Z")"));
        docker::test::set(
            document, "/Config/Healthcheck",
            docker::test::json_of(
                R"({"Test":["CMD","true"],"Interval":5000000000,"Timeout":1000000000,"Retries":3})"));
        policy.deployment.strategy = config::Strategy::automatic;
        policy.deployment.health_timeout = std::chrono::minutes(2);
        policy.adjustment.timezone = "UTC";
    }

    [[nodiscard]] static Candidate candidate(const boost::json::value& document) {
        const std::string text = boost::json::serialize(document);
        auto container = docker::read_container(text);
        EXPECT_TRUE(container) << container.error().message;
        return {.container = container.value(), .document = text};
    }

    [[nodiscard]] Subject subject() const {
        return {.service = ServiceName::parse("shop/web").value(),
                .policy = policy,
                .replicas = {candidate(document)},
                .others = others,
                .unseen = unseen,
                .engine = {.id = "E",
                           .name = "host",
                           .cpus = Cores::whole(4),
                           .memory = Bytes::mebi(1024),
                           .cgroup_version = 2,
                           .swap_limit = true},
                .memory_used = memory_used,
                .wanted = wanted,
                .asked_for = asked_for,
                .now = now};
    }

    [[nodiscard]] std::vector<std::string> against(config::Strategy strategy) const {
        return preflight(subject()).option(strategy).against;
    }

    /// The chosen one, or `none`.
    [[nodiscard]] std::string chosen() const {
        const auto strategy = preflight(subject()).strategy;
        return strategy ? std::string(to_string(*strategy)) : "none";
    }

    [[nodiscard]] std::string why() const { return preflight(subject()).why; }

    /// It is possible in place, and by no strategy that makes another container beside it.
    void expect_not_twice(const std::string& reason) const {
        EXPECT_THAT(against(config::Strategy::blue_green), testing::ElementsAre(testing::HasSubstr(reason)));
        EXPECT_THAT(against(config::Strategy::in_place), testing::IsEmpty());
        EXPECT_THAT(against(config::Strategy::recreate), testing::IsEmpty());
        EXPECT_EQ(chosen(), "in_place");
        EXPECT_THAT(why(), testing::AllOf(testing::HasSubstr("blue_green is not possible: "),
                                          testing::HasSubstr(reason)));
    }

    /// Somebody else would notice: only the container as it is may be changed.
    void expect_not_replaced(const std::string& reason) const {
        EXPECT_THAT(against(config::Strategy::blue_green), testing::ElementsAre(testing::HasSubstr(reason)));
        EXPECT_THAT(against(config::Strategy::recreate), testing::ElementsAre(testing::HasSubstr(reason)));
        EXPECT_THAT(against(config::Strategy::in_place), testing::IsEmpty());
        EXPECT_EQ(chosen(), "in_place");
    }

    docker::Wiring other(const std::string& name) {
        return {.id = ContainerId::parse(std::string(64, 'd')).value(),
                .name = name,
                .network_mode = "shop_default",
                .ipc_mode = "private",
                .pid_mode = ""};
    }

    boost::json::value document = docker::test::blue_document();
    config::ServicePolicy policy;
    std::vector<docker::Wiring> others;
    std::vector<std::string> unseen;
    std::optional<Bytes> memory_used = Bytes::mebi(256);
    std::optional<Limits> wanted;
    std::optional<config::Strategy> asked_for;
    WallTime now = WallTime(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)) + std::chrono::hours(12);
};

}  // namespace rm::deploy::test
