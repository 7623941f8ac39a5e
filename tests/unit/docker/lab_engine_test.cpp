// SPDX-License-Identifier: Apache-2.0
// HttpEngine with a real engine that goes away, and with a real socket proxy that forbids.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "docker/services.h"
#include "tests/lab/compose.h"
#include "tests/lab/require.h"
#include "tests/lab/socket_proxy.h"
#include "tests/unit/docker/bodies.h"
#include "tests/unit/docker/lab_peer.h"
#include "tests/unit/docker/outcome.h"

namespace rm::docker {
namespace {

using lab::must;
using test::connect;
using test::lab_engine;
using test::outcome;
using testing::HasSubstr;

class LabEngine : public testing::Test {
protected:
    void SetUp() override { RM_LAB_REQUIRE(engine, haproxy, compose); }

    const std::stop_token none_;
};

TEST_F(LabEngine, a_proxy_that_forbids_names_what_must_be_set) {
    const auto proxy = must(lab::SocketProxy::start(lab_engine()));
    const auto engine = connect(proxy.host());
    EXPECT_EQ(outcome(engine->ping(none_)), "ok");
    EXPECT_EQ(outcome(engine->version(none_)), "ok");
    EXPECT_THAT(outcome(engine->list(none_)), HasSubstr("forbids GET /containers/json: set CONTAINERS=1"));
    EXPECT_THAT(outcome(engine->list(none_)), HasSubstr("permission: "));
    EXPECT_THAT(outcome(engine->inspect(test::id_of('a'), none_)), HasSubstr("set CONTAINERS=1"));
    EXPECT_THAT(outcome(engine->stats(test::id_of('a'), none_)), HasSubstr("set CONTAINERS=1"));
    EXPECT_THAT(outcome(engine->info(none_)), HasSubstr("set INFO=1"));
}

TEST_F(LabEngine, what_a_proxy_allows_by_default_may_be_off_too) {
    const auto proxy = must(
        lab::SocketProxy::start(lab_engine(), {.on = {"CONTAINERS"}, .off = {"EVENTS", "PING", "VERSION"}}));
    const auto engine = connect(proxy.host());
    EXPECT_THAT(outcome(engine->ping(none_)), HasSubstr("set PING=1"));
    EXPECT_THAT(outcome(engine->list(none_)), HasSubstr("set VERSION=1"));
}

TEST_F(LabEngine, services_of_a_real_compose_are_found) {
    const auto file = lab::compose_file({{.name = "web", .cpus = "0.5", .memory = "32m"}, {.name = "db"}});
    auto shop = must(lab::ComposeProject::up(lab_engine(), "shop", file));
    must(shop.run({"up", "--detach", "--scale", "web=2"}));
    const auto engine = connect(lab_engine().host());
    const Inventory inventory = find_services(must(engine->list(none_)));
    const auto web = must(resolve(inventory, must(ServiceName::parse("web"))));
    EXPECT_EQ(print(web), "shop/web");
    const Service& service = inventory.services.at(web);
    ASSERT_EQ(service.replicas.size(), 2U);
    EXPECT_EQ(service.replicas[0].name, "shop_web_1");
    EXPECT_EQ(service.replicas[1].number, 2);
    EXPECT_TRUE(service.replicas[1].running);
    EXPECT_EQ(print(must(engine->inspect(service.replicas[0].id, none_)).limits), "0.5 CPU, 32M");
}

TEST_F(LabEngine, is_asked_again_when_the_engine_is_back) {
    const auto proxy = must(lab::SocketProxy::start(lab_engine(), {.on = {"CONTAINERS"}}));
    const auto direct = connect(lab_engine().host());
    const auto proxied = connect(proxy.host());
    EXPECT_EQ(outcome(direct->list(none_)), "ok");
    EXPECT_EQ(outcome(proxied->list(none_)), "ok");
    lab_engine().stop_daemon();
    EXPECT_THAT(outcome(direct->list(none_)), HasSubstr("unavailable: "));
    EXPECT_THAT(outcome(proxied->list(none_)), HasSubstr("unavailable: "));
    must(lab_engine().start_daemon());
    EXPECT_EQ(outcome(direct->list(none_)), "ok");
    EXPECT_EQ(outcome(proxied->list(none_)), "ok");
}

}  // namespace
}  // namespace rm::docker
