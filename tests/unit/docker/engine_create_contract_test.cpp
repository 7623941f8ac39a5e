// SPDX-License-Identifier: Apache-2.0
// What holds for creating, renaming, removing and connecting containers on every engine.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "docker/api_version.h"
#include "docker/read.h"
#include "tests/unit/docker/changing.h"

namespace rm::docker {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::IsSupersetOf;

class EngineCreateContract : public Changing {};

TEST_P(EngineCreateContract, what_was_created_is_there_and_does_not_run) {
    const auto id = engine().create(
        "web", body(R"("Labels":{"com.docker.compose.project":"shop"},"StopSignal":"SIGQUIT","StopTimeout":3,
"Healthcheck":{"Test":["CMD","/w","probe"],"Interval":2000000000,"Timeout":0,"Retries":5},
"HostConfig":{"Memory":67108864,"MemorySwap":134217728,"MemoryReservation":33554432,"NanoCpus":500000000,
"RestartPolicy":{"Name":"on-failure","MaximumRetryCount":4}})"),
        none_);
    ASSERT_EQ(outcome(id), "ok");
    const Container web = inspect(*id);
    EXPECT_EQ(web.name, "web");
    EXPECT_EQ(web.state, ContainerState::created);
    EXPECT_EQ(web.started_at, std::nullopt);
    EXPECT_EQ(web.image, peer_->image());
    EXPECT_EQ(web.image_id, engine().image_id(peer_->image(), none_).value());
    EXPECT_THAT(web.labels, IsSupersetOf(Labels{{"com.docker.compose.project", "shop"}}));
    EXPECT_EQ(print(web.limits), "0.5 CPU, 64M");
    EXPECT_EQ(web.limit_fields.cpu_quota, 0);
    EXPECT_EQ(web.limit_fields.memory_swap, Bytes::mebi(128).count());
    EXPECT_EQ(web.limit_fields.memory_reservation, Bytes::mebi(32).count());
    EXPECT_EQ(web.restart, (RestartRule{.policy = RestartPolicy::on_failure, .maximum_retries = 4}));
    EXPECT_EQ(web.stop, (StopRule{.signal = "SIGQUIT", .timeout = std::chrono::seconds(3)}));
    ASSERT_TRUE(web.health_check);
    EXPECT_EQ(web.health_check->interval, std::chrono::seconds(2));
    EXPECT_EQ(web.health_check->retries, 5);
}

TEST_P(EngineCreateContract, what_was_not_said_is_the_engines_default) {
    const Container web = inspect(create("web", R"("Healthcheck":{"Test":["NONE"]})"));
    EXPECT_EQ(web.limits, Limits());
    EXPECT_EQ(web.restart, RestartRule());
    EXPECT_EQ(web.stop, StopRule());
    EXPECT_EQ(web.health_check, std::nullopt);
    EXPECT_EQ(web.health_output, "");
    EXPECT_EQ(web.limit_fields.memory_swap, 0);
    EXPECT_EQ(web.limit_fields.memory_reservation, 0);
}

TEST_P(EngineCreateContract, a_limit_by_quota_is_told_from_one_by_cpus) {
    const Container web = inspect(create("web", R"("HostConfig":{"CpuQuota":150000,"CpuPeriod":50000})"));
    EXPECT_NE(web.limit_fields.cpu_quota, 0);
    EXPECT_EQ(web.limits.cpu, Cores::whole(3));
}

TEST_P(EngineCreateContract, memory_alone_gets_as_much_swap) {
    EXPECT_EQ(inspect(create("web", R"("HostConfig":{"Memory":67108864})")).limit_fields.memory_swap,
              Bytes::mebi(128).count());
    const Container unlimited =
        inspect(create("unlimited", R"("HostConfig":{"Memory":67108864,"MemorySwap":-1})"));
    EXPECT_EQ(unlimited.limit_fields.memory_swap, -1);
}

TEST_P(EngineCreateContract, a_name_is_taken_once) {
    const ContainerId web = create("web");
    EXPECT_THAT(outcome(engine().create("web", body(""), none_)), fails_as("conflict"));
    EXPECT_EQ(inspect(web).name, "web");
}

TEST_P(EngineCreateContract, what_can_not_be_is_refused_and_leaves_nothing) {
    for (const std::string_view members :
         {R"("HostConfig":{"Memory":1000000})", R"("HostConfig":{"NanoCpus":500000000,"CpuQuota":50000})",
          R"("HostConfig":{"NanoCpus":4000000000000})",
          R"("HostConfig":{"Memory":67108864,"MemorySwap":33554432})",
          R"("HostConfig":{"RestartPolicy":{"Name":"sometimes"}})", R"("StopSignal":"SIGNOPE")"})
        EXPECT_THAT(outcome(engine().create("web", body(members), none_)), fails_as("invalid")) << members;
    for (const std::string_view text : {"", "{", "[]", "null"})
        EXPECT_THAT(outcome(engine().create("web", std::string(text), none_)), fails_as("invalid")) << text;
    for (const std::string_view name : {"", "x", "-web", "../web", "web/kill", "w b", "web?x", "w%2f"})
        EXPECT_THAT(outcome(engine().create(std::string(name), body(""), none_)), fails_as("invalid"))
            << name;
    EXPECT_THAT(outcome(engine().create("web", R"({"Image":"nobody/has-it:1"})", none_)),
                fails_as("not_found"));
    EXPECT_TRUE(engine().list(none_)->empty());
}

TEST_P(EngineCreateContract, before_api_1_44_there_is_one_network_to_begin_with) {
    peer_->make_network("front");
    peer_->make_network("back");
    const auto two =
        body(R"("NetworkingConfig":{"EndpointsConfig":{"front":{"Aliases":["shop"]},"back":{}}})");
    const bool several =
        ApiVersion::parse(engine().version(none_)->api).value() >= ApiVersion{.major = 1, .minor = 44};
    EXPECT_THAT(outcome(engine().create("web", two, none_)),
                several ? testing::StartsWith("ok") : fails_as("invalid"));
}

TEST_P(EngineCreateContract, an_image_is_found_by_name_and_by_id) {
    const auto id = engine().image_id(peer_->image(), none_);
    ASSERT_EQ(outcome(id), "ok");
    EXPECT_THAT(*id, testing::StartsWith("sha256:"));
    EXPECT_EQ(engine().image_id(*id, none_), *id);
    EXPECT_THAT(outcome(engine().image_id("nobody/has-it:1", none_)), fails_as("not_found"));
    for (const std::string_view name : {"", "..", "../containers", "a//b", "/a", "a b", "a?b=c", "a%2e%2e"})
        EXPECT_THAT(outcome(engine().image_id(std::string(name), none_)), fails_as("invalid")) << name;
}

TEST_P(EngineCreateContract, a_clone_is_made_from_an_image_by_its_id) {
    const auto id = engine().image_id(peer_->image(), none_);
    const auto web = engine().create("web", fmt::format(R"({{"Image":"{}"}})", id.value()), none_);
    ASSERT_EQ(outcome(web), "ok");
    EXPECT_EQ(inspect(*web).image_id, *id);
    EXPECT_EQ(inspect(*web).image, *id);
}

TEST_P(EngineCreateContract, the_document_has_all_that_inspecting_tells) {
    const ContainerId web = create("web", R"("Env":["COLOUR=blue"],"HostConfig":{"Memory":67108864})");
    const auto document = engine().document(web, none_);
    ASSERT_EQ(outcome(document), "ok");
    EXPECT_THAT(*document, HasSubstr("COLOUR=blue"));
    EXPECT_EQ(read_container(*document)->limits, inspect(web).limits);
    EXPECT_THAT(outcome(engine().document(nobody_, none_)), fails_as("not_found"));
}

TEST_P(EngineCreateContract, a_name_can_be_changed_and_changed_again) {
    const ContainerId web = run("web");
    const ContainerId other = create("other");
    EXPECT_EQ(outcome(engine().rename(web, "web-old", none_)), "ok");
    EXPECT_EQ(outcome(engine().rename(web, "web-old", none_)), "ok");
    EXPECT_EQ(inspect(web).name, "web-old");
    EXPECT_EQ(inspect(web).state, ContainerState::running);
    EXPECT_THAT(outcome(engine().rename(other, "web-old", none_)), fails_as("conflict"));
    EXPECT_EQ(outcome(engine().rename(other, "web", none_)), "ok");
    EXPECT_EQ(inspect(other).name, "web");
    EXPECT_THAT(outcome(engine().rename(nobody_, "somebody", none_)), fails_as("not_found"));
    for (const std::string_view name : {"", "x", "/web2", "../web", "web&signal=KILL"})
        EXPECT_THAT(outcome(engine().rename(web, std::string(name), none_)), fails_as("invalid")) << name;
    EXPECT_EQ(inspect(web).name, "web-old");
}

TEST_P(EngineCreateContract, what_runs_is_removed_by_force_alone) {
    const ContainerId web = run("web");
    EXPECT_THAT(outcome(engine().remove(web, Removal::stopped, none_)), fails_as("conflict"));
    EXPECT_EQ(inspect(web).state, ContainerState::running);
    EXPECT_EQ(outcome(engine().remove(web, Removal::forced, none_)), "ok");
    EXPECT_THAT(outcome(engine().inspect(web, none_)), fails_as("not_found"));
    create("web");  // the name is free
}

TEST_P(EngineCreateContract, what_is_gone_is_removed_again_with_success) {
    const ContainerId web = create("web");
    EXPECT_EQ(outcome(engine().remove(web, Removal::stopped, none_)), "ok");
    EXPECT_EQ(outcome(engine().remove(web, Removal::stopped, none_)), "ok");
    EXPECT_EQ(outcome(engine().remove(web, Removal::forced, none_)), "ok");
    EXPECT_EQ(outcome(engine().remove(nobody_, Removal::stopped, none_)), "ok");
}

TEST_P(EngineCreateContract, a_container_is_connected_once_however_often_it_is_told) {
    peer_->make_network("front");
    const ContainerId web = create("web");
    const std::string endpoint = R"({"Aliases":["shop"]})";
    for (int i = 0; i < 2; ++i) EXPECT_EQ(outcome(engine().connect("front", web, endpoint, none_)), "ok");
    EXPECT_EQ(outcome(engine().start(web, none_)), "ok");
    for (int i = 0; i < 2; ++i) EXPECT_EQ(outcome(engine().connect("front", web, endpoint, none_)), "ok");
    const std::string document = engine().document(web, none_).value();
    EXPECT_EQ(read_is_connected(document, "front"), true);
    EXPECT_EQ(read_is_connected(document, "back"), false);
    EXPECT_THAT(document, HasSubstr(R"("shop")"));
}

TEST_P(EngineCreateContract, a_running_container_gets_another_network) {
    peer_->make_network("back");
    const ContainerId web = run("web");
    EXPECT_EQ(outcome(engine().connect("back", web, "{}", none_)), "ok");
    EXPECT_EQ(read_is_connected(engine().document(web, none_).value(), "back"), true);
    EXPECT_EQ(inspect(web).state, ContainerState::running);
}

TEST_P(EngineCreateContract, what_can_not_be_connected_is_told_apart) {
    peer_->make_network("front");
    const ContainerId web = run("web");
    EXPECT_THAT(outcome(engine().connect("nowhere", web, "{}", none_)), fails_as("conflict"));
    EXPECT_THAT(outcome(engine().connect("front", nobody_, "{}", none_)), fails_as("not_found"));
    EXPECT_THAT(outcome(engine().connect("host", web, "{}", none_)), fails_as("invalid"));
    for (const std::string_view network : {"", ".", "..", "../containers/x", "a/b", "a\\b", "a\nb"})
        EXPECT_THAT(outcome(engine().connect(std::string(network), web, "{}", none_)), fails_as("invalid"))
            << network;
    for (const std::string_view endpoint : {"", "[]", "7", "{"})
        EXPECT_THAT(outcome(engine().connect("front", web, std::string(endpoint), none_)),
                    fails_as("invalid"))
            << endpoint;
}

// The engine looks for the network of a container that does not run when it is started.
TEST_P(EngineCreateContract, a_missing_network_is_noticed_before_anything_runs) {
    const ContainerId web = create("web");
    const auto connected = engine().connect("nowhere", web, "{}", none_);
    EXPECT_THAT(outcome(connected ? engine().start(web, none_) : connected), fails_as("conflict"));
    EXPECT_EQ(inspect(web).state, ContainerState::created);
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineCreateContract, testing::ValuesIn(writable_engine_peers()), name_of);

}  // namespace
}  // namespace rm::docker
