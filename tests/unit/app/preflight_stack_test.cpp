// SPDX-License-Identifier: Apache-2.0
// A preflight of a whole stack in which each service has something else that stands in the way, on the
// simulated engine: the strategy that each one gets, every reason, and that nothing was changed.
#include <algorithm>
#include <map>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/preflight_look.h"
#include "docker/simulated_engine.h"
#include "tests/unit/serve/hand_made_check.h"

namespace rm::app {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using config::Strategy;
using serve::PreflightOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PreflightStack : public testing::Test {
protected:
    PreflightStack() {
        EXPECT_TRUE(engine.add_network("shop_default"));
        EXPECT_TRUE(engine.add_image("shop:1", {}));
        run("plain", [](json::object&) {});
        run("ports", [](json::object& body) {
            body["ExposedPorts"] = json::parse(R"({"80/tcp":{}})");
            host(body)["PortBindings"] = json::parse(R"({"80/tcp":[{"HostPort":"8080"}]})");
        });
        run("hostnet", [](json::object& body) {
            host(body)["NetworkMode"] = "host";
            body.erase("NetworkingConfig");
        });
        run("static", [](json::object& body) {
            body["NetworkingConfig"] = json::parse(
                R"({"EndpointsConfig":{"shop_default":{"IPAMConfig":{"IPv4Address":"172.18.0.77"}}}})");
        });
        run("volumes", [](json::object& body) { host(body)["Binds"] = json::array{"shop_data:/data:rw"}; });
        run("unchecked", [](json::object& body) { body.erase("Healthcheck"); });
        const ContainerId gateway = run("gateway", [](json::object&) {});
        run("tenant", [&](json::object& body) {
            host(body)["NetworkMode"] = "container:" + gateway.full();
            body.erase("NetworkingConfig");
        });
        clock.advance(1min);
    }

    static json::object& host(json::object& body) { return body["HostConfig"].as_object(); }

    template <class Change>
    ContainerId run(const std::string& service, const Change& change) {
        json::object body = json::parse(R"({"Image":"shop:1","Labels":{
            "com.docker.compose.project":"shop","com.docker.compose.container-number":"1",
            "com.docker.compose.oneoff":"False"},
            "Healthcheck":{"Test":["CMD","/probe"],"Interval":1000000000,"Timeout":1000000000},
            "HostConfig":{"NetworkMode":"shop_default","NanoCpus":1000000000,"Memory":268435456,
            "RestartPolicy":{"Name":"unless-stopped"}},
            "NetworkingConfig":{"EndpointsConfig":{"shop_default":{"Aliases":["web"]}}}})")
                                .as_object();
        body["Labels"].as_object()["com.docker.compose.service"] = service;
        change(body);
        const auto id = engine.create("shop-" + service + "-1", json::serialize(body), {});
        if (!id) throw std::runtime_error(id.error().message);
        if (const auto started = engine.start(*id, {}); !started)
            throw std::runtime_error(started.error().message);
        return *id;
    }

    serve::PreflightReport look(const std::string& strategy = "auto") {
        config::Sources sources;
        sources.overrides = {"deployment.strategy=" + strategy, "monitoring.source=docker"};
        const auto config = config::load(sources);
        EXPECT_TRUE(config) << print(config.error().front());
        return look_ahead(engine, *config, {.now = serve::noon(), .memory_used = Bytes::mebi(512)}, {}, {})
            .value();
    }

    static const PreflightOf& of(const serve::PreflightReport& report, const std::string& service) {
        return *std::ranges::find(report.services, service, &PreflightOf::shown_as);
    }

    static std::vector<std::string> against(const PreflightOf& service, Strategy strategy) {
        return std::ranges::find(service.options, strategy, &serve::PreflightOption::strategy)->against;
    }

    /// All that the engine shows of every container.
    std::map<std::string, std::string> everything() {
        std::map<std::string, std::string> all;
        const auto list = engine.list({}).value();
        for (const auto& one : list) all[one.name] = engine.document(one.id, {}).value();
        return all;
    }

    VirtualClock clock{serve::noon()};
    docker::SimulatedEngine engine{clock};
};

TEST_F(PreflightStack, each_service_gets_the_strategy_that_is_possible_with_every_reason) {
    const auto report = look();
    ASSERT_EQ(report.services.size(), 8U);
    EXPECT_EQ(of(report, "plain").strategy, Strategy::blue_green);
    EXPECT_THAT(against(of(report, "plain"), Strategy::blue_green), IsEmpty());

    // Cannot be there twice: changed while it runs, or stopped first.
    const std::map<std::string, std::string> once{
        {"ports", "shop-ports-1 publishes the host's port 8080 (for 80/tcp)"},
        {"hostnet", "shop-hostnet-1 uses the network of the host"},
        {"static", "shop-static-1 has the fixed address 172.18.0.77 in the network shop_default"},
        {"volumes", "shop-volumes-1 writes to the volume shop_data at /data"},
        {"tenant", "shop-tenant-1 uses the network of another container"}};
    for (const auto& [service, reason] : once) {
        const PreflightOf& found = of(report, service);
        EXPECT_EQ(found.strategy, Strategy::in_place) << service << ": " << found.why;
        EXPECT_THAT(against(found, Strategy::blue_green), ElementsAre(HasSubstr(reason)));
        EXPECT_THAT(against(found, Strategy::in_place), IsEmpty()) << service;
        EXPECT_THAT(against(found, Strategy::recreate), IsEmpty()) << service;
        EXPECT_THAT(found.why, HasSubstr(reason));
    }

    // Must not be replaced at all: nobody could tell whether the new one works, or somebody would notice.
    const std::map<std::string, std::string> never{
        {"unchecked", "shop-unchecked-1 has no health check"},
        {"gateway", "shop-tenant-1 uses the network of shop-gateway-1, and would lose it"}};
    for (const auto& [service, reason] : never) {
        const PreflightOf& found = of(report, service);
        EXPECT_EQ(found.strategy, Strategy::in_place) << service << ": " << found.why;
        EXPECT_THAT(against(found, Strategy::blue_green), ElementsAre(HasSubstr(reason)));
        EXPECT_THAT(against(found, Strategy::recreate), testing::Contains(HasSubstr(reason)));
    }
}

TEST_F(PreflightStack, what_is_configured_and_not_possible_is_refused_with_the_same_reasons) {
    const auto report = look("blue_green");
    for (const PreflightOf& service : report.services) {
        if (service.shown_as == "plain") continue;
        EXPECT_FALSE(service.strategy) << service.shown_as;
        EXPECT_THAT(service.why, HasSubstr(against(service, Strategy::blue_green).at(0)));
    }
}

TEST_F(PreflightStack, nothing_is_changed_by_looking) {
    const auto before = everything();
    const WallTime from = clock.now().wall;
    engine.set_faults([](docker::EngineCall call, const auto*) -> std::optional<Error> {
        EXPECT_FALSE(docker::is_writing(call)) << to_string(call);
        return std::nullopt;
    });
    (void)look();
    EXPECT_EQ(everything(), before);
    clock.advance(1s);
    int told = 0;
    EXPECT_TRUE(engine.events({.since = from + Duration(1), .until = clock.now().wall, .actions = {}},
                              [&](const docker::Event&) { return ++told > 0; }, {}));
    EXPECT_EQ(told, 0);
}

}  // namespace
}  // namespace rm::app
