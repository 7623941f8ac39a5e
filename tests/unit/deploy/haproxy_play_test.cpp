// SPDX-License-Identifier: Apache-2.0
// Deployments one after the other behind an HAProxy whose slots are filled from DNS, as they are with
// `server-template`: whatever a slot still is from the last time, requests always have somewhere to go.
#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deploy/drive.h"
#include "deploy/plan.h"
#include "docker/simulated_engine.h"
#include "docker/surroundings.h"
#include "store/deployments.h"
#include "tests/lab/socket_double.h"
#include "tests/unit/deploy/haproxy_script.h"

namespace rm::deploy::test {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::StartsWith;

template <class T>
T value_of(Result<T> value) {
    if (!value) throw std::runtime_error(value.error().message);
    return *std::move(value);
}

constexpr Limits small{.cpu = Cores::whole(1), .memory = Bytes::mebi(256)};
constexpr Limits large{.cpu = Cores::whole(2), .memory = Bytes::mebi(512)};

class HaproxyPlay : public testing::Test {
protected:
    HaproxyPlay() {
        std::string pattern = (std::filesystem::temp_directory_path() / "rm-play-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
        folder = pattern;
        store =
            value_of(store::Database::open({.url = "sqlite:" + pattern + "/s.db", .password = {}}, clock));
        policy.deployment.health_timeout = 60s;
        policy.deployment.health_interval = 1s;
        policy.deployment.drain = 5s;
        policy.deployment.observe = 10s;
        policy.deployment.drain_by = config::DrainBy::haproxy;
        policy.deployment.haproxy = {.socket = config::Url(fmt::format("tcp://127.0.0.1:{}", peer->port())),
                                     .backend = "web"};
        docker::SimulatedImage image{.ready_after = 3s, .stops_after = Duration(700)};
        value_of(
            engine.run({.name = "shop-web-1",
                        .image = "shop/web:1",
                        .program = image,
                        .labels = {{"com.docker.compose.project", "shop"},
                                   {"com.docker.compose.service", "web"},
                                   {"com.docker.compose.container-number", "1"},
                                   {"com.docker.compose.oneoff", "False"}},
                        .limits = small,
                        .health_check = docker::HealthCheck{.interval = 1s, .timeout = 1s, .retries = 5}}));
        clock.advance(1min);
        resolve();
    }
    ~HaproxyPlay() override {
        store.reset();
        std::filesystem::remove_all(folder);
    }
    HaproxyPlay(const HaproxyPlay&) = delete;
    HaproxyPlay& operator=(const HaproxyPlay&) = delete;
    HaproxyPlay(HaproxyPlay&&) = delete;
    HaproxyPlay& operator=(HaproxyPlay&&) = delete;

    /// The addresses that Docker's DNS gives.
    std::vector<std::string> running() {
        std::vector<std::string> addresses;
        for (const auto& one : value_of(engine.list({})))
            for (const auto& at :
                 value_of(docker::read_surroundings(value_of(engine.document(one.id, {})))).addresses)
                addresses.push_back(at.address);
        return addresses;
    }

    /// What HAProxy makes of them: a slot keeps its drain whoever is in it.
    void resolve() {
        constexpr unsigned no_address = 0x20;
        constexpr unsigned forced_drain = 0x08;
        std::vector<std::string> waiting = running();
        for (auto& [name, address] : slots) {
            const auto still = std::ranges::find(waiting, address);
            if (still == waiting.end())
                address = "-";
            else
                waiting.erase(still);
        }
        for (auto& [name, address] : slots) {
            if (address == "-" && !waiting.empty()) {
                address = waiting.back();
                waiting.pop_back();
            }
            const unsigned drain = script.admin(name) & forced_drain;
            const bool empty = address == "-";
            script.set(name, {.address = address,
                              .state = empty ? 0 : 2,
                              .admin = drain | (empty ? no_address : 0),
                              .weight = script.weight(name)});
        }
    }

    [[nodiscard]] bool requests_have_somewhere_to_go() const {
        return std::ranges::any_of(slots, [this](const auto& slot) { return gets_requests(slot.first); });
    }
    [[nodiscard]] bool gets_requests(const std::string& slot) const {
        return script.admin(slot) == 0 && script.weight(slot) > 0;
    }

    /// HAProxy would send them at once, as it holds a server for up until its checks fail.
    bool requests_go_to_who_is_not_ready() {
        for (const auto& one : value_of(engine.list({}))) {
            if (value_of(engine.inspect(one.id, {})).health != docker::HealthState::starting) continue;
            for (const auto& at :
                 value_of(docker::read_surroundings(value_of(engine.document(one.id, {})))).addresses)
                for (const auto& [name, address] : slots)
                    if (address == at.address && gets_requests(name)) return true;
        }
        return false;
    }

    std::int64_t begin(const Limits& to) {
        const auto list = value_of(engine.list({}));
        std::vector<docker::Container> found;
        found.reserve(list.size());
        for (const auto& one : list) found.push_back(value_of(engine.inspect(one.id, {})));
        const auto deployment = value_of(plan({.service = value_of(ServiceName::parse("shop/web")),
                                               .strategy = config::Strategy::blue_green,
                                               .to = to,
                                               .requested_by = "the test",
                                               .reason = "to see"},
                                              found, {.containers = list}, "5eed", clock.now().wall));
        std::int64_t id = 0;
        const auto begun = store->transaction([&](store::Session& session) -> Status {
            const auto given = store::begin(session, to_row(deployment));
            if (!given) return fail(given.error());
            id = *given;
            return {};
        });
        if (!begun) throw std::runtime_error(begun.error().message);
        return id;
    }

    Deployment deployment(std::int64_t id) {
        return value_of(from_row(value_of(store::deployment(*store, id)).value()));
    }

    /// To its end; the steps that it told.
    std::vector<std::string> play(std::int64_t id) {
        Hands hands(engine);
        Drive drive({.engine = engine, .store = *store, .hands = hands, .clock = clock}, deployment(id));
        const SteadyTime deadline = clock.now().steady + 1h;
        while (!drive.ended() && clock.now().steady < deadline) {
            const Duration wait = drive.step(policy, {});
            EXPECT_TRUE(requests_have_somewhere_to_go()) << drive.waits_for();
            clock.advance(std::max(wait, Duration(20)));
            resolve();
            EXPECT_TRUE(requests_have_somewhere_to_go()) << drive.waits_for();
            EXPECT_FALSE(requests_go_to_who_is_not_ready()) << drive.waits_for();
        }
        EXPECT_TRUE(drive.ended());
        std::vector<std::string> steps;
        for (const auto& step : value_of(store::steps_of(*store, id))) steps.push_back(step.message);
        return steps;
    }

    VirtualClock clock;
    docker::SimulatedEngine engine{clock};
    std::filesystem::path folder;
    std::unique_ptr<store::Database> store;
    config::ServicePolicy policy;
    HaproxyScript script{std::vector<std::string>{"web1", "web2"}};
    std::map<std::string, std::string> slots{{"web1", "-"}, {"web2", "-"}};
    std::unique_ptr<lab::SocketDouble> peer =
        lab::SocketDouble::start({}, [this](const std::string& line) { return script.answer(line); }).value();
};

TEST_F(HaproxyPlay, every_deployment_leaves_slots_that_the_next_can_use) {
    for (const Limits& to : {large, small, large, small}) {
        const auto id = begin(to);
        const auto steps = play(id);
        ASSERT_EQ(deployment(id).outcome, Outcome::succeeded) << testing::PrintToString(steps);
        EXPECT_THAT(steps, Contains(StartsWith("verify the new container: web/web")));
        EXPECT_THAT(steps, Contains(StartsWith("take the old container out of the traffic: web/web")));
        for (const auto& [name, address] : slots) {
            EXPECT_EQ(script.admin(name) & 0x08U, 0U) << name;
            EXPECT_EQ(script.weight(name), 1) << name;
        }
    }
}

TEST_F(HaproxyPlay, a_slot_that_was_left_drained_is_freed_before_blue_is_taken_away) {
    const std::string free_one = slots["web1"] == "-" ? "web1" : "web2";
    script.set(free_one, {.address = "-", .state = 0, .admin = 0x28});
    const auto id = begin(large);
    const auto steps = play(id);
    EXPECT_EQ(deployment(id).outcome, Outcome::succeeded) << testing::PrintToString(steps);
}

}  // namespace
}  // namespace rm::deploy::test
