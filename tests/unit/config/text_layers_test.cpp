// SPDX-License-Identifier: Apache-2.0
#include "config/text_layers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/effective.h"
#include "tests/unit/config/loading.h"

namespace rm::config {
namespace {

using test::loaded;
using test::problems;
using test::service;
using test::sources;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Environment, a_variable_is_the_key_in_capitals_with_two_underscores_between_its_parts) {
    EXPECT_EQ(variable_name("monitoring.check_interval"), "RM_MONITORING__CHECK_INTERVAL");
    EXPECT_EQ(variable_name("bounds.host_reserve.cpu"), "RM_BOUNDS__HOST_RESERVE__CPU");
}

TEST(Environment, an_unknown_variable_of_ours_is_a_problem_and_others_are_not) {
    EXPECT_THAT(problems("", sources({{"RM_MONITORNG__DRY_RUN", "true"}, {"PATH", "/bin"}, {"RMX", "1"}})),
                ElementsAre("RM_MONITORNG__DRY_RUN: is not a variable of the configuration; did you mean "
                            "'RM_MONITORING__DRY_RUN'?"));
}

TEST(Environment, a_variables_name_is_safe_to_print) {
    EXPECT_THAT(problems("", sources({{"RM_A\nB", "1"}})),
                ElementsAre("'RM_A\\x0aB': is not a variable of the configuration"));
}

TEST(Environment, a_wrong_value_names_the_variable_and_the_key) {
    EXPECT_THAT(
        problems("", sources({{"RM_MONITORING__DRY_RUN", "1"}})),
        ElementsAre("RM_MONITORING__DRY_RUN: monitoring.dry_run: expected true or false; found '1' (write "
                    "true)"));
}

TEST(Environment, an_empty_variable_counts_as_not_set) {
    EXPECT_THAT(problems("", sources({{"RM_HTTP__LISTEN", ""}, {"DOCKER_HOST", ""}, {"RM_NONSENSE", ""}})),
                IsEmpty());
}

TEST(Environment, docker_host_is_honoured_and_our_own_variable_wins_over_it) {
    const std::string text = "docker: {host: 'tcp://file:1'}";
    const auto host = [&](std::map<std::string, std::string> environment) {
        return loaded(text, sources(std::move(environment)))->docker.host.with_password();
    };
    EXPECT_EQ(host({}), "tcp://file:1");
    EXPECT_EQ(host({{"DOCKER_HOST", "unix:///run/docker.sock"}}), "unix:///run/docker.sock");
    EXPECT_EQ(host({{"DOCKER_HOST", "ssh://not-even-good"}, {"RM_DOCKER__HOST", "tcp://own:2"}}),
              "tcp://own:2");
    EXPECT_THAT(
        problems(text, sources({{"DOCKER_HOST", "ssh://me@host"}})),
        ElementsAre(HasSubstr("DOCKER_HOST: docker.host: expected an address that starts with tcp or unix")));
}

TEST(Environment, a_list_is_written_with_commas_or_in_brackets_and_a_map_in_braces) {
    const auto origins = [](const std::string& value) {
        return loaded("", sources({{"RM_HTTP__CORS_ORIGINS", value}}))->http.cors_origins;
    };
    EXPECT_THAT(origins("https://a.example, https://b.example"),
                ElementsAre("https://a.example", "https://b.example"));
    EXPECT_THAT(origins("[https://a.example, 'https://b.example']"),
                ElementsAre("https://a.example", "https://b.example"));
    EXPECT_THAT(origins("[]"), IsEmpty());
    const auto queries =
        loaded("", sources({{"RM_PROMETHEUS__QUERIES", "{cpu_usage: 'up{$matcher}'}"}}))->prometheus.queries;
    EXPECT_EQ(queries.at("cpu_usage"), "up{$matcher}");
    EXPECT_THAT(problems("", sources({{"RM_HTTP__CORS_ORIGINS", "[a"}})),
                ElementsAre(HasSubstr("http.cors_origins: expected a list of origins: is not valid YAML")));
    EXPECT_THAT(problems("", sources({{"RM_PROMETHEUS__QUERIES", "cpu=up"}})),
                ElementsAre(HasSubstr("expected a map of signals to PromQL queries; found 'cpu=up'")));
}

TEST(Environment, a_services_key_is_set_by_the_capitals_of_its_name) {
    const Config config =
        loaded("services: {my-app.web: {}}", sources({{"RM_SERVICES__MY_APP_WEB__BOUNDS__CPU__MAX", "2"}}));
    EXPECT_EQ(config.service(service("my-app.web")).bounds.cpu.max, Cores::whole(2));
}

TEST(Environment, a_service_that_is_not_listed_or_not_clear_is_a_problem) {
    EXPECT_THAT(
        problems("services: {a-b: {}, a_b: {}}", sources({{"RM_SERVICES__A_B__CLASS", "critical"},
                                                          {"RM_SERVICES__A_B__CLAS", "critical"},
                                                          {"RM_SERVICES__C__CLASS", "critical"}})),
        ElementsAre("RM_SERVICES__A_B__CLAS: is not a key of a service",
                    "RM_SERVICES__A_B__CLASS: could mean services.a-b.class or services.a_b.class",
                    "RM_SERVICES__C__CLASS: names no service of the file; list the service there, with "
                    "nothing else if need be"));
}

TEST(CommandLine, a_service_may_be_set_by_its_exact_name_and_listed_that_way) {
    const Config config = loaded("", sources({}, {"services.shop/my.app.bounds.memory.max=1g"}));
    EXPECT_EQ(config.service(service("shop/my.app")).bounds.memory.max, Bytes::mebi(1024));
}

TEST(CommandLine, the_last_of_several_wins) {
    EXPECT_EQ(loaded("", sources({}, {"logging.keep=1", "logging.keep=2"}))->logging.keep, 2);
}

TEST(CommandLine, what_cannot_be_set_is_a_problem) {
    EXPECT_THAT(
        problems("", sources({}, {"nonsense", "monitoring.windw=1m", "monitoring=1", "x\ny=1"})),
        ElementsAre("--set 'x\\x0ay': is not a key", "--set monitoring: is a section; name a key in it",
                    "--set monitoring.windw: is not a key; did you mean 'monitoring.window'?",
                    "--set nonsense: expected KEY=VALUE, like monitoring.check_interval=1m"));
}

}  // namespace
}  // namespace rm::config
