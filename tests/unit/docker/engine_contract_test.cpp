// SPDX-License-Identifier: Apache-2.0
// What holds for every engine, the real ones and the simulated one.
#include <algorithm>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "docker/api_version.h"
#include "tests/unit/docker/bodies.h"
#include "tests/unit/docker/engine_peer.h"

namespace rm::docker {
namespace {

using namespace std::chrono_literals;
using test::EnginePeer;
using test::PeerCase;
using testing::ElementsAre;
using testing::IsSupersetOf;

const Labels shop_labels{{"com.docker.compose.project", "shop"}, {"com.docker.compose.service", "web"}};
const Limits small{.cpu = Cores::from_nanos(500'000'000), .memory = Bytes::mebi(32)};

class EngineContract : public testing::TestWithParam<PeerCase> {
protected:
    void SetUp() override {
        GetParam().require();
        if (!IsSkipped() && !HasFailure()) peer_ = GetParam().start();
    }

    Engine& engine() { return peer_->engine(); }

    ContainerSummary listed(const ContainerId& id) {
        const auto list = engine().list(none_).value();
        const auto found = std::ranges::find(list, id, &ContainerSummary::id);
        if (found == list.end()) throw std::runtime_error("it is not in the list");
        return *found;
    }

    /// The events from `since` until now.
    std::vector<Event> told(WallTime since, std::vector<std::string> actions = {}) {
        std::vector<Event> events;
        const auto status = engine().events(
            {.since = since, .until = peer_->now(), .actions = std::move(actions)},
            [&](const Event& event) {
                events.push_back(event);
                return true;
            },
            none_);
        EXPECT_TRUE(status) << status.error().message;
        return events;
    }

    static std::vector<std::string> actions_of(const std::vector<Event>& events) {
        std::vector<std::string> actions;
        actions.reserve(events.size());
        for (const Event& event : events) actions.push_back(event.action);
        return actions;
    }

    std::unique_ptr<EnginePeer> peer_;
    const std::stop_token none_;
};

TEST_P(EngineContract, says_who_it_is) {
    EXPECT_TRUE(engine().ping(none_));
    const auto version = engine().version(none_);
    ASSERT_TRUE(version) << version.error().message;
    EXPECT_GE(ApiVersion::parse(version->api).value(), oldest_api);
    EXPECT_LE(ApiVersion::parse(version->api).value(), newest_api);
    EXPECT_LE(ApiVersion::parse(version->api_minimum).value(), ApiVersion::parse(version->api).value());
    EXPECT_LE(ApiVersion::parse(version->api).value(), ApiVersion::parse(version->api_maximum).value());
    EXPECT_NE(version->version, "");
    EXPECT_TRUE(version->system.starts_with("linux/")) << version->system;
}

TEST_P(EngineContract, says_what_the_host_has) {
    const auto info = engine().info(none_);
    ASSERT_TRUE(info) << info.error().message;
    EXPECT_GE(info->cpus, Cores::whole(1));
    EXPECT_GT(info->memory, Bytes::mebi(64));
    EXPECT_THAT(info->cgroup_version, testing::AnyOf(1, 2));
}

TEST_P(EngineContract, lists_containers_that_run_and_that_stopped) {
    const ContainerId web = peer_->run("shop_web_1", shop_labels, small);
    const ContainerId gone = peer_->run("gone", {}, {});
    peer_->kill(gone);
    const ContainerSummary summary = listed(web);
    EXPECT_EQ(summary.name, "shop_web_1");
    EXPECT_EQ(summary.state, ContainerState::running);
    EXPECT_EQ(summary.unreadable, "");
    EXPECT_THAT(summary.labels, IsSupersetOf(shop_labels));
    EXPECT_LE(summary.created_at, peer_->now());
    EXPECT_EQ(listed(gone).state, ContainerState::exited);
}

TEST_P(EngineContract, tells_limits_and_times_of_a_container) {
    const auto before = peer_->now();
    const ContainerId web = peer_->run("web", shop_labels, small);
    const auto container = engine().inspect(web, none_);
    ASSERT_TRUE(container) << container.error().message;
    EXPECT_EQ(container->id, web);
    EXPECT_EQ(container->name, "web");
    EXPECT_EQ(container->state, ContainerState::running);
    EXPECT_EQ(container->limits, small);
    EXPECT_THAT(container->labels, IsSupersetOf(shop_labels));
    ASSERT_TRUE(container->started_at);
    EXPECT_GE(*container->started_at, before);
    EXPECT_LE(*container->started_at, peer_->now());
    EXPECT_EQ(container->finished_at, std::nullopt);
    EXPECT_EQ(container->restart_count, 0);
}

TEST_P(EngineContract, a_container_without_limits_has_none) {
    const ContainerId web = peer_->run("web", {}, {});
    EXPECT_EQ(engine().inspect(web, none_)->limits, Limits());
    const auto stats = engine().stats(web, none_);
    ASSERT_TRUE(stats) << stats.error().message;
    EXPECT_EQ(stats->cpu_periods, 0);
    EXPECT_GT(stats->memory_limit, Bytes::mebi(64));
}

TEST_P(EngineContract, tells_how_a_container_ended) {
    const ContainerId web = peer_->run("web", {}, small);
    peer_->kill(web);
    const auto container = engine().inspect(web, none_);
    ASSERT_TRUE(container) << container.error().message;
    EXPECT_EQ(container->state, ContainerState::exited);
    EXPECT_EQ(container->exit_code, 137);
    EXPECT_FALSE(container->oom_killed);
    EXPECT_GE(container->finished_at, container->started_at);
}

TEST_P(EngineContract, samples_what_a_container_uses) {
    const ContainerId web = peer_->run("web", {}, small);
    const auto first = engine().stats(web, none_);
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_EQ(first->memory_limit, small.memory);
    ASSERT_TRUE(first->memory_usage && first->memory_working_set);
    EXPECT_GT(*first->memory_usage, Bytes(0));
    EXPECT_LE(*first->memory_working_set, *first->memory_usage);
    EXPECT_GT(first->cpu_total, 0ns);
    EXPECT_GT(first->pids, 0);
    const auto later = peer_->now();
    const auto second = engine().stats(web, none_);
    ASSERT_TRUE(second) << second.error().message;
    EXPECT_GE(second->cpu_total, first->cpu_total);
    EXPECT_GE(second->cpu_periods, second->cpu_throttled_periods);
    EXPECT_GE(second->read_at + 1s, later);
    EXPECT_GT(second->read_at, first->read_at);
}

TEST_P(EngineContract, a_stopped_container_has_no_samples_that_look_like_zero) {
    const ContainerId web = peer_->run("web", {}, small);
    peer_->kill(web);
    const auto stats = engine().stats(web, none_);
    ASSERT_TRUE(stats) << stats.error().message;
    EXPECT_EQ(stats->memory_usage, std::nullopt);
    EXPECT_EQ(stats->memory_working_set, std::nullopt);
    EXPECT_EQ(stats->read_at, WallTime());
}

TEST_P(EngineContract, a_container_that_is_not_there_is_not_found) {
    const ContainerId nobody = test::id_of('f');
    EXPECT_EQ(engine().inspect(nobody, none_).error().code, ErrorCode::not_found);
    EXPECT_EQ(engine().stats(nobody, none_).error().code, ErrorCode::not_found);
    const ContainerId web = peer_->run("web", {}, {});
    peer_->remove(web);
    EXPECT_EQ(engine().inspect(web, none_).error().code, ErrorCode::not_found);
}

TEST_P(EngineContract, tells_what_happened_since_and_until) {
    const auto begin = peer_->now();
    const ContainerId web = peer_->run("web", shop_labels, {});
    const auto middle = peer_->now();
    peer_->kill(web);
    peer_->remove(web);
    const auto all = told(begin);
    EXPECT_THAT(actions_of(all), ElementsAre("create", "start", "kill", "die", "destroy"));
    for (const Event& event : all) {
        EXPECT_EQ(event.type, "container");
        EXPECT_EQ(event.actor, web.full());
        EXPECT_EQ(event.attributes.at("name"), "web");
        EXPECT_EQ(event.attributes.at("com.docker.compose.service"), "web");
        EXPECT_GE(event.at, begin);
    }
    EXPECT_TRUE(std::ranges::is_sorted(all, {}, &Event::at));
    EXPECT_EQ(all[3].attributes.at("exitCode"), "137");
    EXPECT_THAT(actions_of(told(middle)), ElementsAre("kill", "die", "destroy"));
    EXPECT_THAT(actions_of(told(begin, {"start", "die"})), ElementsAre("start", "die"));
    EXPECT_THAT(actions_of(told(begin, {"health_status"})), testing::IsEmpty());
    EXPECT_THAT(actions_of(told(peer_->now())), testing::IsEmpty());
}

TEST_P(EngineContract, an_event_is_told_again_from_its_own_time_on) {
    const auto begin = peer_->now();
    const ContainerId web = peer_->run("web", {}, {});
    const auto start = told(begin, {"start"});
    ASSERT_EQ(start.size(), 1U);
    EXPECT_THAT(actions_of(told(start[0].at, {"start"})), ElementsAre("start"));
    EXPECT_THAT(actions_of(told(start[0].at + 1ns, {"start"})), testing::IsEmpty());
}

TEST_P(EngineContract, tells_what_happens_while_it_is_followed) {
    std::promise<std::string> died;
    std::promise<void> listening;
    const auto begin = peer_->now();
    const ContainerId web = peer_->run("web", {}, {});
    std::jthread follower([&](const std::stop_token& stop) {
        const auto status = engine().events(
            {.since = begin, .until = {}, .actions = {"start", "die"}},
            [&](const Event& event) {
                if (event.action == "start") listening.set_value();
                if (event.action == "die") died.set_value(event.actor);
                return event.action != "die";
            },
            stop);
        EXPECT_TRUE(status) << status.error().message;
    });
    ASSERT_EQ(listening.get_future().wait_for(20s), std::future_status::ready);
    peer_->kill(web);
    auto actor = died.get_future();
    ASSERT_EQ(actor.wait_for(20s), std::future_status::ready);
    EXPECT_EQ(actor.get(), web.full());
}

TEST_P(EngineContract, following_ends_at_once_when_told) {
    std::promise<void> listening;
    const auto begin = peer_->now();
    const ContainerId web = peer_->run("web", {}, {});
    std::promise<ErrorCode> ended;
    std::jthread follower([&](const std::stop_token& stop) {
        const auto status = engine().events(
            {.since = begin, .until = {}, .actions = {"start"}},
            [&](const Event&) {
                listening.set_value();
                return true;
            },
            stop);
        ended.set_value(status ? ErrorCode::internal : status.error().code);
    });
    ASSERT_EQ(listening.get_future().wait_for(20s), std::future_status::ready);
    const auto told_at = std::chrono::steady_clock::now();
    follower.request_stop();
    EXPECT_EQ(ended.get_future().get(), ErrorCode::cancelled);
    EXPECT_LT(std::chrono::steady_clock::now() - told_at, 2s);
}

TEST_P(EngineContract, whoever_was_told_to_stop_is_not_answered) {
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(engine().list(stop.get_token()).error().code, ErrorCode::cancelled);
    EXPECT_EQ(engine().ping(stop.get_token()).error().code, ErrorCode::cancelled);
}

TEST_P(EngineContract, many_threads_may_ask_at_once) {
    const ContainerId web = peer_->run("web", {}, small);
    std::vector<std::future<bool>> answers;
    answers.reserve(8);
    for (int i = 0; i < 8; ++i)
        answers.push_back(std::async(std::launch::async, [&] {
            return engine().list(none_) && engine().inspect(web, none_) && engine().stats(web, none_);
        }));
    for (auto& answer : answers) EXPECT_TRUE(answer.get());
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineContract, testing::ValuesIn(test::engine_peers()),
                         [](const auto& peer) { return peer.param.name; });

}  // namespace
}  // namespace rm::docker
