// SPDX-License-Identifier: Apache-2.0
// What labels of containers say about a service, between the general keys and the service's own.
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.h"
#include "config/show.h"
#include "tests/unit/config/loading.h"

namespace rm::config {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

using Labels = std::map<std::string, std::string>;

/// The problems of the labels, as printed; empty if there are none.
std::string complaints(const Config& config, const Labels& labels) {
    const auto policy = config.service(service("shop/web"), labels);
    return policy ? std::string() : print(policy.error());
}

TEST(ServiceLabels, say_what_holds_for_a_service) {
    const Config config = loaded("");
    const auto policy = config.service(service("shop/web"), {{"resource-manager.enable", "false"},
                                                             {"resource-manager.class", "critical"},
                                                             {"resource-manager.strategy", "recreate"},
                                                             {"resource-manager.cpu.min", "0.5"},
                                                             {"resource-manager.cpu.max", "2"},
                                                             {"resource-manager.memory.min", "128M"},
                                                             {"resource-manager.memory.max", "1G"},
                                                             {"resource-manager.thresholds.cpu_high", "90%"},
                                                             {"com.docker.compose.service", "web"},
                                                             {"traefik.enable", "true"}});
    ASSERT_TRUE(policy) << print(policy.error());
    EXPECT_FALSE(policy->enabled);
    EXPECT_EQ(policy->service_class, ServiceClass::critical);
    EXPECT_EQ(policy->deployment.strategy, Strategy::recreate);
    EXPECT_EQ(policy->bounds.cpu.min, Cores::from_nanos(500'000'000));
    EXPECT_EQ(policy->bounds.cpu.max, Cores::whole(2));
    EXPECT_EQ(policy->bounds.memory.min, Bytes::mebi(128));
    EXPECT_EQ(policy->bounds.memory.max, Bytes::mebi(1024));
    EXPECT_DOUBLE_EQ(policy->thresholds.cpu_high.value(), 0.9);
    EXPECT_EQ(policy->thresholds.memory_high, config->thresholds.memory_high);
}

TEST(ServiceLabels, without_any_the_service_is_as_configured) {
    const Config config = loaded("services: {web: {class: critical}}");
    const auto policy = config.service(service("shop/web"), Labels{{"com.docker.compose.project", "shop"}});
    ASSERT_TRUE(policy);
    EXPECT_EQ(policy->service_class, ServiceClass::critical);
}

TEST(ServiceLabels, win_over_general_keys) {
    const Config config = loaded("bounds: {cpu: {max: 4}}\ndefaults: {class: optional}");
    const auto policy = config.service(
        service("shop/web"), {{"resource-manager.cpu.max", "2"}, {"resource-manager.class", "normal"}});
    ASSERT_TRUE(policy) << print(policy.error());
    EXPECT_EQ(policy->bounds.cpu.max, Cores::whole(2));
    EXPECT_EQ(policy->service_class, ServiceClass::normal);
}

TEST(ServiceLabels, lose_against_the_services_own_keys_from_wherever) {
    const Config config =
        loaded("services: {web: {bounds: {cpu: {max: 4}}}}",
               sources({{"RM_SERVICES__WEB__CLASS", "critical"}}, {"services.web.bounds.memory.max=2G"}));
    const auto policy = config.service(service("shop/web"), {{"resource-manager.cpu.max", "2"},
                                                             {"resource-manager.class", "normal"},
                                                             {"resource-manager.memory.max", "1G"},
                                                             {"resource-manager.cpu.min", "1"}});
    ASSERT_TRUE(policy) << print(policy.error());
    EXPECT_EQ(policy->bounds.cpu.max, Cores::whole(4));
    EXPECT_EQ(policy->bounds.cpu.min, Cores::whole(1));
    EXPECT_EQ(policy->bounds.memory.max, Bytes::mebi(2048));
    EXPECT_EQ(policy->service_class, ServiceClass::critical);
}

TEST(ServiceLabels, that_are_no_key_say_what_was_probably_meant) {
    const Config config = loaded("");
    EXPECT_THAT(complaints(config, {{"resource-manager.cpu.mni", "1"}}),
                HasSubstr("label resource-manager.cpu.mni: is not a key of a service; did you mean "
                          "'resource-manager.cpu.min'?"));
    EXPECT_THAT(complaints(config, {{"resource-manager.enabld", "1"}}),
                HasSubstr("'resource-manager.enable'?"));
    EXPECT_THAT(complaints(config, {{"resource-manager.http.listen", ":1"}}), HasSubstr("is not a key"));
    EXPECT_THAT(complaints(config, {{"resource-manager.", "1"}}), HasSubstr("is not a key"));
}

TEST(ServiceLabels, are_read_as_strictly_as_the_file) {
    const Config config = loaded("");
    const std::string text =
        complaints(config, {{"resource-manager.enable", "yes"}, {"resource-manager.cpu.min", "lots"}});
    EXPECT_THAT(
        text, HasSubstr("label resource-manager.enable: services.shop/web.enabled: expected true or false"));
    EXPECT_THAT(text,
                HasSubstr("label resource-manager.cpu.min: services.shop/web.bounds.cpu.min: expected"));
}

TEST(ServiceLabels, must_not_contradict_what_they_meet) {
    const Config config = loaded("services: {web: {bounds: {cpu: {max: 1}}}}");
    EXPECT_THAT(complaints(config, {{"resource-manager.cpu.min", "2"}}),
                AllOf(HasSubstr("the minimum must not be above the maximum"),
                      HasSubstr("label resource-manager.cpu.min"), HasSubstr("c.yml:1")));
    EXPECT_THAT(complaints(config, {{"resource-manager.memory.min", "9G"}}),
                HasSubstr("the minimum must not be above the maximum"));
    EXPECT_EQ(complaints(config, {{"resource-manager.cpu.min", "1"}}), "");
}

TEST(ServiceLabels, one_key_is_given_once) {
    EXPECT_THAT(
        complaints(loaded(""), {{"resource-manager.cpu.min", "1"}, {"resource-manager.bounds.cpu.min", "1"}}),
        HasSubstr("is given twice"));
}

TEST(ServiceLabels, can_not_run_programs) {
    const Config config = loaded("");
    EXPECT_THAT(complaints(config, {{"resource-manager.deployment.hooks.before", "/bin/rm, -rf, /"}}),
                HasSubstr("can't name a program to run"));
    EXPECT_THAT(complaints(config, {{"resource-manager.deployment.script", "/bin/sh"}}),
                HasSubstr("can't name a program to run"));
}

TEST(ServiceLabels, can_not_send_us_anywhere) {
    const Config config = loaded("");
    EXPECT_THAT(complaints(config, {{"resource-manager.deployment.traefik.url", "http://10.0.0.1"}}),
                HasSubstr("can't say where to connect to"));
    EXPECT_THAT(
        complaints(config, {{"resource-manager.deployment.haproxy.socket", "unix:///run/docker.sock"}}),
        HasSubstr("can't say where to connect to"));
}

TEST(ServiceLabels, say_how_the_container_itself_is_asked_and_drained) {
    const auto policy = loaded("").service(service("shop/web"),
                                           {{"resource-manager.strategy", "auto"},
                                            {"resource-manager.deployment.share_volumes", "true"},
                                            {"resource-manager.deployment.health", "http://:8080/healthz"},
                                            {"resource-manager.deployment.drain_by", "file"},
                                            {"resource-manager.deployment.drain_file", "/tmp/drain"}});
    ASSERT_TRUE(policy) << print(policy.error());
    EXPECT_EQ(policy->deployment.strategy, Strategy::automatic);
    EXPECT_TRUE(policy->deployment.share_volumes);
    EXPECT_EQ(print(policy->deployment.health), "http://:8080/healthz");
    EXPECT_EQ(policy->deployment.drain_by, DrainBy::file);
    EXPECT_EQ(policy->deployment.drain_file, "/tmp/drain");
}

TEST(ServiceLabels, that_are_for_others_are_passed_over) {
    EXPECT_EQ(complaints(loaded(""), {{"resource-manager.service", "web"},
                                      {"resource-manager.internal.deployment", "7"},
                                      {"resource-managers.x", "y"}}),
              "");
}

TEST(ServiceLabels, are_shown_with_their_origin_below_the_services_own_keys) {
    const Config config = loaded("services: {web: {bounds: {cpu: {max: 4}}}}");
    const Labels labels{{"resource-manager.cpu.max", "2"}, {"resource-manager.cpu.min", "1"}};
    const std::string text = show(config, {.service = service("shop/web"), .labels = labels});
    EXPECT_THAT(text, HasSubstr("min: 1  # label resource-manager.cpu.min\n"));
    EXPECT_THAT(text, HasSubstr("max: 4  # c.yml:1\n"));
    EXPECT_THAT(text, Not(HasSubstr("resource-manager.cpu.max")));
    EXPECT_THAT(show(config, {.format = ShowFormat::json, .service = service("shop/web"), .labels = labels}),
                HasSubstr("\"origin\": \"label resource-manager.cpu.min\""));
}

TEST(ServiceLabels, that_are_wrong_are_not_shown) {
    const Config config = loaded("");
    const Labels labels{{"resource-manager.cpu.min", "1"}, {"resource-manager.cpu.max", "x"}};
    EXPECT_EQ(show(config, {.service = service("web"), .labels = labels}),
              show(config, {.service = service("web")}));
}

}  // namespace
}  // namespace rm::config
