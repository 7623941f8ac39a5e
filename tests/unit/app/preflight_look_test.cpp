// SPDX-License-Identifier: Apache-2.0
// A preflight on the simulated engine: what it finds, and that it leaves everything as it is.
#include "app/preflight_look.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "docker/fleet.h"
#include "docker/simulated_engine.h"
#include "tests/unit/serve/hand_made_check.h"

namespace rm::app {
namespace {

using namespace std::chrono_literals;
using config::Strategy;
using docker::HealthCheck;
using serve::PreflightAsked;
using serve::PreflightOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PreflightLook : public testing::Test {
protected:
    PreflightLook() {
        run("shop-web-1", "web", "1", HealthCheck{.interval = 5s});
        run("shop-web-2", "web", "2", HealthCheck{.interval = 5s});
        run("shop-db-1", "db", "1", std::nullopt);
    }

    void run(const std::string& name, const std::string& service, const std::string& number,
             std::optional<HealthCheck> check, docker::Labels more = {}) {
        docker::Labels labels{{"com.docker.compose.project", "shop"},
                              {"com.docker.compose.service", service},
                              {"com.docker.compose.container-number", number},
                              {"com.docker.compose.oneoff", "False"}};
        labels.merge(more);
        const auto id = engine.run({.name = name,
                                    .labels = labels,
                                    .limits = {.cpu = Cores::whole(1), .memory = Bytes::mebi(256)},
                                    .health_check = check});
        ASSERT_TRUE(id) << id.error().message;
    }

    Result<serve::PreflightReport> look(const PreflightAsked& asked) {
        config::Sources sources;
        sources.overrides = {"deployment.strategy=auto", "monitoring.source=docker"};
        const auto config = config::load(sources);
        EXPECT_TRUE(config) << print(config.error().front());
        return look_ahead(engine, *config, {.now = serve::noon(), .memory_used = Bytes::mebi(512)}, asked,
                          {});
    }

    PreflightOf one(const PreflightAsked& asked) {
        auto report = look(asked);
        EXPECT_TRUE(report) << report.error().message;
        EXPECT_EQ(report->services.size(), 1U);
        return report->services.front();
    }

    VirtualClock clock{serve::noon()};
    docker::SimulatedEngine engine{clock};
};

TEST_F(PreflightLook, every_service_gets_a_strategy_with_the_reason) {
    const auto report = look({});
    ASSERT_TRUE(report) << report.error().message;
    ASSERT_EQ(report->services.size(), 2U);
    const PreflightOf& db = report->services[0];
    EXPECT_EQ(print(db.service), "shop/db");
    EXPECT_EQ(db.shown_as, "db");
    EXPECT_EQ(db.strategy, Strategy::in_place);
    EXPECT_THAT(db.why, HasSubstr("shop-db-1 has no health check"));
    EXPECT_THAT(db.replicas, ElementsAre("shop-db-1"));
    EXPECT_THAT(db.steps, IsEmpty());
    const PreflightOf& web = report->services[1];
    EXPECT_EQ(web.configured, Strategy::automatic);
    EXPECT_EQ(web.strategy, Strategy::blue_green) << web.why;
    EXPECT_THAT(web.replicas, ElementsAre("shop-web-1", "shop-web-2"));
}

TEST_F(PreflightLook, limits_that_are_wanted_show_what_would_be_done) {
    const PreflightOf web = one({.service = "web", .to = Limits{.cpu = Cores::whole(2), .memory = {}}});
    EXPECT_EQ(web.to, (Limits{.cpu = Cores::whole(2), .memory = Bytes::mebi(256)}));
    EXPECT_THAT(
        web.steps,
        ElementsAre(
            "shop-web-3 is made beside shop-web-1 (1 CPU, 256M -> 2 CPU, 256M), which goes once the new "
            "one serves",
            "shop-web-1 is made beside shop-web-2 (1 CPU, 256M -> 2 CPU, 256M), which goes once the new "
            "one serves"));
    const PreflightOf live = one({.service = "web",
                                  .to = Limits{.cpu = {}, .memory = Bytes::mebi(512)},
                                  .strategy = Strategy::in_place});
    EXPECT_THAT(live.steps,
                ElementsAre("shop-web-1 gets other limits while it runs (1 CPU, 256M -> 1 CPU, 512M)",
                            "shop-web-2 gets other limits while it runs (1 CPU, 256M -> 1 CPU, 512M)"));
}

TEST_F(PreflightLook, where_nothing_would_change_there_is_no_deployment) {
    const PreflightOf web = one({.service = "web", .to = Limits{.cpu = Cores::whole(1), .memory = {}}});
    EXPECT_FALSE(web.strategy);
    EXPECT_EQ(web.why, "shop/web has 1 CPU, 256M already");
    EXPECT_THAT(web.steps, IsEmpty());
}

TEST_F(PreflightLook, limits_that_can_not_be_are_refused_with_the_reason) {
    const PreflightOf web = one({.service = "web", .to = Limits{.cpu = Cores::whole(64), .memory = {}}});
    EXPECT_FALSE(web.strategy);
    EXPECT_THAT(web.why, HasSubstr("64 CPU are wanted, and the host has 8"));
}

TEST_F(PreflightLook, an_unknown_service_is_an_error_that_suggests_one) {
    const auto unknown = look({.service = "wbe"});
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, ErrorCode::not_found);
    EXPECT_THAT(unknown.error().message, HasSubstr("web"));
}

TEST_F(PreflightLook, labels_count_and_wrong_ones_are_told) {
    run("shop-cache-1", "cache", "1", HealthCheck{.interval = 5s},
        {{"resource-manager.deployment.strategy", "in_place"}});
    EXPECT_EQ(one({.service = "cache"}).configured, Strategy::in_place);
    run("shop-odd-1", "odd", "1", HealthCheck{.interval = 5s},
        {{"resource-manager.deployment.strategy", "quick"}});
    const PreflightOf odd = one({.service = "odd"});
    EXPECT_FALSE(odd.strategy);
    EXPECT_THAT(odd.why, HasSubstr("its labels are wrong: "));
}

TEST_F(PreflightLook, nothing_is_changed_by_looking) {
    engine.set_faults([](docker::EngineCall call, const auto&) -> std::optional<Error> {
        using enum docker::EngineCall;
        EXPECT_TRUE(call == info || call == list || call == document) << static_cast<int>(call);
        return std::nullopt;
    });
    EXPECT_TRUE(look({.service = {}, .to = Limits{.cpu = Cores::whole(2), .memory = {}}}));
}

TEST(PreflightMemory, the_last_check_tells_what_the_host_uses) {
    EXPECT_FALSE(memory_used_of(nullptr));
    decide::Check check = serve::hand_made_check();
    EXPECT_TRUE(memory_used_of(&check));
    check.problem = "the engine did not answer";
    EXPECT_FALSE(memory_used_of(&check));
}

}  // namespace
}  // namespace rm::app
