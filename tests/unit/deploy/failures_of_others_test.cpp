// SPDX-License-Identifier: Apache-2.0
// What went wrong with other programs that replace containers, one test for each, on the simulated engine.
// docs/deployments.md has the table with those that are shown elsewhere.
#include <set>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deploy/deployer.h"
#include "deploy/marks.h"
#include "deploy/roster.h"
#include "deploy/sweep.h"
#include "store/deployments.h"
#include "tests/unit/deploy/shop.h"
#include "tests/unit/deploy/sure.h"

namespace rm::deploy::test {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using docker::Container;
using docker::ContainerState;
using docker::EngineCall;
using docker::HealthState;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// A program that is not well with the limits that are wanted.
docker::ExecOutcome only_with_less(const docker::SimulatedProgram& program) {
    return {.exit_code = program.limits == Shop::more ? 1 : 0, .output = {}};
}

class FailuresOfOthers : public testing::Test {
protected:
    FailuresOfOthers() {
        sure(shop.engine.add_network("shop_default"));
        sure(shop.engine.add_image("shop/web:1", {.ready_after = 3s, .stops_after = 700ms}));
    }

    /// shop/web in the network of its project, as Compose makes it, with something else besides.
    ContainerId start_web(const std::function<void(json::object&)>& change = {},
                          const std::string& name = "shop-web-1") {
        json::object body = json::parse(R"({"Image":"shop/web:1","Labels":{
            "com.docker.compose.project":"shop","com.docker.compose.service":"web",
            "com.docker.compose.container-number":"1","com.docker.compose.oneoff":"False"},
            "Healthcheck":{"Test":["CMD","/probe"],"Interval":1000000000,"Timeout":1000000000,"Retries":5},
            "HostConfig":{"NetworkMode":"shop_default","NanoCpus":1000000000,"Memory":268435456,
            "RestartPolicy":{"Name":"always"}},
            "NetworkingConfig":{"EndpointsConfig":{"shop_default":{"Aliases":["web","shop-web"]}}}})")
                                .as_object();
        if (change) change(body);
        const auto id = sure(shop.engine.create(name, json::serialize(body), {}));
        sure(shop.engine.start(id, {}));
        clock.advance(1min);
        return id;
    }

    Result<Deployment> submit(config::Strategy strategy = config::Strategy::blue_green) {
        Deployer deployer({.live = shop.live, .engine = shop.engine, .store = *shop.store, .clock = clock},
                          clock, {.who = "test"}, {});
        Wish wish = shop.wish("web");
        wish.strategy = strategy;
        return deployer.submit(wish, {});
    }

    std::unique_ptr<Roster> controller() {
        auto made = std::make_unique<Roster>(
            Premises{.live = shop.live, .engine = shop.engine, .store = *shop.store, .clock = clock}, Ears{});
        sure(made->take_up(engine_id, {}));
        return made;
    }

    /// Steps until `enough` says so, or the deployment has ended.
    void play(std::int64_t id, const std::function<bool()>& enough = [] { return false; }) {
        const auto roster = controller();
        while (!enough()) {
            const auto wait = roster->step(id, {});
            if (!wait) return;
            clock.advance(std::max(*wait, Duration(20)));
        }
    }

    Deployment row(std::int64_t id) {
        return sure(from_row(sure(store::deployment(*shop.store, id)).value()));
    }

    std::vector<store::Deployment> rows() {
        return sure(store::deployments(*shop.store, {.service = {}, .before = {}, .limit = 10}));
    }

    json::value document(const ContainerId& id) { return json::parse(sure(shop.engine.document(id, {}))); }

    json::value endpoint(const ContainerId& id) {
        return document(id).at("NetworkSettings").at("Networks").at("shop_default");
    }

    /// The one beside blue; nothing while there is none.
    std::optional<Container> green(const ContainerId& blue) {
        for (const Container& one : shop.containers())
            if (one.id != blue && one.labels.contains(std::string(mark_deployment))) return one;
        return std::nullopt;
    }

    std::optional<Container> running_green(const ContainerId& blue) {
        auto found = green(blue);
        return found && found->health == HealthState::healthy ? found : std::nullopt;
    }

    VirtualClock clock;
    Shop shop{clock};
    const std::string engine_id = shop.engine.info({})->id;
};

TEST_F(FailuresOfOthers, a_container_with_a_static_address_is_changed_in_place) {
    const ContainerId blue = start_web([](json::object& body) {
        body["NetworkingConfig"].at("EndpointsConfig").at("shop_default").as_object()["IPAMConfig"] = {
            {"IPv4Address", "172.18.0.9"}};
    });
    const auto refused = submit();
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("has the fixed address 172.18.0.9"));
    EXPECT_THAT(rows(), IsEmpty());

    const auto begun = submit(config::Strategy::automatic);
    ASSERT_TRUE(begun) << begun.error().message;
    EXPECT_EQ(begun->strategy, config::Strategy::in_place);
    play(begun->id);
    EXPECT_EQ(row(begun->id).outcome, Outcome::succeeded);
    ASSERT_THAT(shop.containers(), SizeIs(1));
    EXPECT_EQ(shop.containers()[0].id, blue);
    EXPECT_EQ(shop.containers()[0].limits, Shop::more);
    EXPECT_EQ(endpoint(blue).at("IPAddress"), "172.18.0.9");
}

TEST_F(FailuresOfOthers, containers_in_blue_s_network_are_seen_before_anything_is_written) {
    const ContainerId blue = start_web();
    const auto vpn = sure(shop.engine.create(
        "shop-vpn-1",
        json::serialize(json::value{{"Image", "shop/web:1"},
                                    {"HostConfig", {{"NetworkMode", "container:" + blue.full()}}}}),
        {}));
    sure(shop.engine.start(vpn, {}));
    int writes = 0;
    shop.engine.set_faults([&](EngineCall call, const ContainerId*) -> std::optional<Error> {
        if (docker::is_writing(call)) ++writes;
        return std::nullopt;
    });
    for (const auto strategy : {config::Strategy::blue_green, config::Strategy::recreate}) {
        const auto refused = submit(strategy);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
        EXPECT_THAT(refused.error().message,
                    HasSubstr("shop-vpn-1 uses the network of shop-web-1, and would lose it"));
    }
    EXPECT_EQ(writes, 0);
    EXPECT_THAT(rows(), IsEmpty());
    EXPECT_EQ(submit(config::Strategy::automatic)->strategy, config::Strategy::in_place);
}

TEST_F(FailuresOfOthers, a_crash_at_a_rename_leaves_no_conflict_of_names) {
    for (const int at : {1, 2}) {
        for (const bool before : {true, false}) {
            SCOPED_TRACE(fmt::format("{} rename {}", before ? "before" : "after", at));
            const ContainerId blue = start_web({}, "the-web");
            const auto begun = submit();
            ASSERT_TRUE(begun) << begun.error().message;
            int renames = 0;
            bool killed = false;
            const auto hear = [&](bool first) -> docker::Faults::Ask {
                return [&, first](EngineCall call, const ContainerId*) -> std::optional<Error> {
                    if (call == EngineCall::rename && first == before && ++renames == at) killed = true;
                    if (!killed) return std::nullopt;
                    return Error{.code = ErrorCode::cancelled, .message = "the controller was killed"};
                };
            };
            shop.engine.set_faults(hear(true), hear(false));
            play(begun->id, [&] { return killed; });
            EXPECT_TRUE(killed);
            shop.engine.set_faults({});
            play(begun->id);
            EXPECT_EQ(row(begun->id).outcome, Outcome::succeeded) << row(begun->id).failure;
            const auto left = shop.containers();
            ASSERT_THAT(left, SizeIs(1));
            EXPECT_EQ(left[0].name, "the-web");
            EXPECT_NE(left[0].id, blue);
            sure(shop.engine.wipe(left[0].id));
        }
    }
}

TEST_F(FailuresOfOthers, in_the_overlap_both_containers_have_the_same_labels_of_traefik) {
    const ContainerId blue = start_web([](json::object& body) {
        auto& labels = body["Labels"].as_object();
        labels["traefik.enable"] = "true";
        labels["traefik.http.routers.web.rule"] = "Host(`shop.example`) && PathPrefix(`/ü`)";
        labels["traefik.http.services.web.loadbalancer.server.port"] = "8080";
    });
    const auto of_traefik = [](const Container& one) {
        docker::Labels labels;
        for (const auto& [name, value] : one.labels)
            if (name.starts_with("traefik.")) labels.emplace(name, value);
        return labels;
    };
    const auto begun = submit();
    ASSERT_TRUE(begun) << begun.error().message;
    play(begun->id, [&] { return running_green(blue).has_value(); });
    const auto both = shop.containers();
    ASSERT_THAT(both, SizeIs(2));
    EXPECT_THAT(of_traefik(both[0]), SizeIs(3));
    EXPECT_EQ(of_traefik(both[0]), of_traefik(both[1]));
}

TEST_F(FailuresOfOthers, in_the_overlap_both_are_found_by_every_alias_and_no_address_is_there_twice) {
    const ContainerId blue = start_web();
    const auto begun = submit();
    ASSERT_TRUE(begun) << begun.error().message;
    play(begun->id, [&] { return running_green(blue).has_value(); });
    const auto now = green(blue);
    ASSERT_TRUE(now);
    const json::value of_blue = endpoint(blue);
    const json::value of_green = endpoint(now->id);
    EXPECT_EQ(of_green.at("Aliases"), (json::array{"web", "shop-web", now->id.brief()}));
    EXPECT_NE(of_blue.at("MacAddress"), of_green.at("MacAddress"));
    EXPECT_NE(of_blue.at("IPAddress"), of_green.at("IPAddress"));
}

TEST_F(FailuresOfOthers, of_two_deployments_at_once_the_second_is_refused) {
    (void)start_web();
    const auto first = submit();
    ASSERT_TRUE(first) << first.error().message;
    const auto second = submit();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::conflict);
    EXPECT_THAT(rows(), SizeIs(1));
    play(first->id);
    EXPECT_THAT(shop.containers(), SizeIs(1));
}

/// As by two that did not know of each other, and whose journals are gone.
TEST_F(FailuresOfOthers, what_two_deployments_at_once_left_is_swept) {
    const ContainerId blue = start_web();
    for (const std::string number : {"2", "3"})
        (void)start_web(
            [&](json::object& body) {
                auto& labels = body["Labels"].as_object();
                labels["com.docker.compose.container-number"] = number;
                labels[mark_deployment] = "lost" + number;
                labels[mark_replaces] = blue.full();
                labels[mark_name] = "shop-web-" + number;
            },
            "shop-web-" + number);
    ASSERT_THAT(shop.containers(), SizeIs(3));
    const auto policy_of = [this](const ServiceName& name, const docker::Labels&) {
        return shop.live.current()->service(name);
    };
    for (int round = 0; round < 3; ++round) {
        const Swept swept =
            sure(sweep(shop.engine, sure(shop.engine.list({})), {}, policy_of, clock.now().wall, {}));
        if (swept.ways_back.empty()) break;
        Deployment way_back = swept.ways_back.front();
        way_back.engine = engine_id;
        sure(shop.store->transaction([&](store::Session& session) -> Status {
            way_back.id = sure(begin(session, way_back));
            return {};
        }));
        play(way_back.id);
        EXPECT_EQ(row(way_back.id).outcome, Outcome::rolled_back) << row(way_back.id).failure;
    }
    const auto left = shop.containers();
    ASSERT_THAT(left, SizeIs(1));
    EXPECT_EQ(left[0].id, blue);
    EXPECT_EQ(left[0].health, HealthState::healthy);
}

TEST_F(FailuresOfOthers, a_rollback_leaves_the_very_container_that_was_there) {
    sure(shop.engine.add_image("shop/sick:1", {.ready_after = 3s, .probe = only_with_less}));
    (void)start_web([](json::object& body) { body["Image"] = "shop/sick:1"; });
    const auto before = shop.containers();
    const auto begun = submit();
    ASSERT_TRUE(begun) << begun.error().message;
    play(begun->id);
    ASSERT_EQ(row(begun->id).outcome, Outcome::rolled_back);
    const auto after = shop.containers();
    ASSERT_EQ(after.size(), before.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
        EXPECT_EQ(after[i].id, before[i].id);
        EXPECT_EQ(after[i].name, before[i].name);
        EXPECT_EQ(after[i].started_at, before[i].started_at);
        EXPECT_EQ(after[i].restart.policy, before[i].restart.policy);
        EXPECT_EQ(after[i].limits, before[i].limits);
    }
}

TEST_F(FailuresOfOthers, a_green_that_is_not_ready_in_time_is_taken_away) {
    sure(shop.engine.add_image("shop/slow:1", {.probe = only_with_less}));
    const ContainerId blue = start_web([](json::object& body) {
        body["Image"] = "shop/slow:1";
        body["Healthcheck"].as_object()["StartPeriod"] = std::int64_t{36'000} * 1'000'000'000;
    });
    const auto begun = submit();
    ASSERT_TRUE(begun) << begun.error().message;
    const SteadyTime from = clock.now().steady;
    play(begun->id);
    EXPECT_GE(clock.now().steady - from, 1h);  // deployment.health_timeout
    EXPECT_EQ(row(begun->id).outcome, Outcome::rolled_back);
    EXPECT_THAT(row(begun->id).failure, HasSubstr("is still starting"));
    ASSERT_THAT(shop.containers(), SizeIs(1));
    EXPECT_EQ(shop.containers()[0].id, blue);
}

TEST_F(FailuresOfOthers, a_blue_that_was_stopped_stays_down_when_the_engine_starts_anew) {
    const ContainerId blue = start_web();
    const auto begun = submit();
    ASSERT_TRUE(begun) << begun.error().message;
    const auto state = [&] { return sure(shop.engine.inspect(blue, {})).state; };
    play(begun->id, [&] { return state() == ContainerState::exited; });
    shop.engine.restart_daemon();
    clock.advance(10s);
    EXPECT_EQ(state(), ContainerState::exited);
    ASSERT_TRUE(green(blue));
    EXPECT_EQ(green(blue)->state, ContainerState::running);
    play(begun->id);
    ASSERT_THAT(shop.containers(), SizeIs(1));
    EXPECT_EQ(shop.containers()[0].restart.policy, docker::RestartPolicy::always);
}

/// More than an engine remembers, so that nobody is ever told of green's end.
TEST_F(FailuresOfOthers, what_three_hundred_lost_events_would_have_told_is_found_by_looking) {
    const ContainerId blue = start_web();
    const auto other = sure(shop.engine.run({.name = "other"}));
    const auto begun = submit();
    ASSERT_TRUE(begun) << begun.error().message;
    play(begun->id, [&] { return running_green(blue).has_value(); });
    const auto roster = controller();
    const ContainerId lost = green(blue)->id;
    const WallTime from = clock.now().wall;
    shop.engine.set_faults([](EngineCall, const ContainerId*) {
        return std::optional(Error{.code = ErrorCode::unavailable, .message = "the proxy is away"});
    });
    EXPECT_TRUE(roster->step(begun->id, {}));
    shop.engine.set_faults({});  // nobody asks until all is over
    sure(shop.engine.stop(lost));
    for (int i = 0; i < 150; ++i) {
        clock.advance(Duration(10));
        sure(shop.engine.kill(other));
        sure(shop.engine.start(other, {}));
    }
    std::set<std::string> told;
    int count = 0;
    sure(shop.engine.events({.since = from, .until = clock.now().wall, .actions = {}},
                            [&](const docker::Event& event) {
                                told.insert(event.actor);
                                return ++count > 0;
                            },
                            {}));
    ASSERT_GE(count, 250);
    ASSERT_THAT(told, Not(Contains(lost.full())));
    while (const auto wait = roster->step(begun->id, {})) clock.advance(std::max(*wait, Duration(20)));
    EXPECT_EQ(row(begun->id).outcome, Outcome::rolled_back);
    EXPECT_FALSE(green(blue));
    EXPECT_EQ(sure(shop.engine.inspect(blue, {})).health, HealthState::healthy);
}

}  // namespace
}  // namespace rm::deploy::test
