// SPDX-License-Identifier: Apache-2.0
#include "config/contradictions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/config/loading.h"

namespace rm::config {
namespace {

using test::problems;
using test::sources;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Contradictions, the_key_that_was_written_is_blamed_and_the_default_is_named) {
    EXPECT_THAT(
        problems("thresholds:\n  cpu_low: 0.9\n"),
        ElementsAre("c.yml:2:3: thresholds.cpu_low: 0.9 contradicts thresholds.cpu_high = 0.8 (default): the "
                    "low threshold must be below the high one"));
}

TEST(Contradictions, the_later_of_two_written_keys_is_blamed) {
    EXPECT_THAT(
        problems("bounds: {memory: {max: 64M,\n  min: 1g}}"),
        ElementsAre("c.yml:2:3: bounds.memory.min: 1G contradicts bounds.memory.max = 64M (c.yml:1): the "
                    "minimum must not be above the maximum"));
    EXPECT_THAT(
        problems("bounds: {memory: {min: 1g}}", sources({{"RM_BOUNDS__MEMORY__MAX", "512M"}})),
        ElementsAre("RM_BOUNDS__MEMORY__MAX: bounds.memory.max: 512M contradicts bounds.memory.min = 1G "
                    "(c.yml:1): the minimum must not be above the maximum"));
}

TEST(Contradictions, a_services_key_is_checked_against_the_general_ones) {
    EXPECT_THAT(
        problems("services: {a: {bounds: {cpu: {min: 9}}}}"),
        ElementsAre(
            "c.yml:1:31: services.a.bounds.cpu.min: 9 contradicts bounds.cpu.max = 8.0 (default): the "
            "minimum must not be above the maximum"));
}

TEST(Contradictions, a_general_contradiction_is_not_repeated_for_each_service) {
    EXPECT_THAT(problems("thresholds: {cpu_low: 0.9}\nservices: {a: {class: normal}, b: {}}"),
                ElementsAre(HasSubstr("c.yml:1:14")));
}

TEST(Contradictions, a_baseline_outside_the_bounds_is_one) {
    EXPECT_THAT(
        problems("services: {a: {baseline: {cpu: 0.05, memory: 16G}}}"),
        ElementsAre(HasSubstr("services.a.baseline.cpu: 0.05 contradicts bounds.cpu.min = 0.1 (default)"),
                    HasSubstr("services.a.baseline.memory: 16G contradicts bounds.memory.max = 8192M")));
    EXPECT_THAT(
        problems("bounds: {cpu: {max: 1}}\nservices: {a: {baseline: {cpu: 2}}}"),
        ElementsAre("c.yml:2:27: services.a.baseline.cpu: 2 contradicts bounds.cpu.max = 1 (c.yml:1): the "
                    "baseline must be within the bounds"));
}

TEST(Contradictions, a_first_limit_outside_the_bounds_is_one) {
    EXPECT_THAT(problems("services: {a: {initial: {cpu: 9, memory: 32M}}}"),
                ElementsAre(HasSubstr("services.a.initial.cpu: 9 contradicts bounds.cpu.max = 8.0 (default)"),
                            HasSubstr("services.a.initial.memory: 32M contradicts bounds.memory.min = 64M")));
    EXPECT_THAT(problems("services: {a: {initial: {cpu: 0.5, memory: 1G}}}"), ElementsAre());
}

TEST(Contradictions, a_key_with_a_problem_of_its_own_makes_no_second_one) {
    EXPECT_THAT(problems("thresholds: {cpu_high: much, cpu_low: 0.9}"),
                ElementsAre(HasSubstr("cpu_high: expected")));
}

TEST(Contradictions, thresholds_that_would_make_a_service_swing_are_one) {
    EXPECT_THAT(
        problems("thresholds: {memory_low: 0.7}"),
        ElementsAre(
            "c.yml:1:14: thresholds.memory_low: 0.7 contradicts thresholds.memory_high = 0.8 (default), "
            "adjustment.increase_factor = 1.25 (default), adjustment.decrease_factor = 0.75 (default): "
            "an adjustment would at once call for the one back"));
}

TEST(Contradictions, every_other_rule_finds_its_contradiction) {
    const auto only = [](const std::string& text) {
        const auto found =
            problems(text, sources(), {{"/p", "x"}, {"/u", "https://a.b"}, {"/v", "https://a:b@c"}});
        return found.size() == 1 ? found[0] : testing::PrintToString(found);
    };
    EXPECT_THAT(only("monitoring: {window: 2h}"), HasSubstr("monitoring.trend_window = 1h"));
    EXPECT_THAT(only("store: {retention: 1h}\nmonitoring: {trend_window: 2h}"),
                HasSubstr("store.retention = 1h"));
    EXPECT_THAT(only("docker: {tls: {cert_file: /p}}"), HasSubstr("docker.tls.key_file = not set"));
    EXPECT_THAT(only("store: {password_file: /p}"), HasSubstr("SQLite takes no password"));
    EXPECT_THAT(only("prometheus: {url: 'http://a:b@c', bearer_token_file: /p}"),
                testing::AllOf(HasSubstr("only one of a token and a user"), HasSubstr("a:***@c")));
    EXPECT_THAT(only("notifications: {webhook: {url: 'http://a:b@c', bearer_token_file: /p}}"),
                HasSubstr("only one of a token and a user"));
    EXPECT_THAT(only("notifications: {webhook: {url_file: /v, bearer_token_file: /p}}"),
                HasSubstr("only one of a token and a user"));
    EXPECT_THAT(only("notifications: {webhook: {url: 'https://h.i/j', url_file: /u}}"),
                HasSubstr("notifications.webhook.url = \"***\""));
    EXPECT_THAT(only("logging: {file: a/log, decisions_file: a/./log}"),
                HasSubstr("must be different files"));
    EXPECT_THAT(only("deployment: {strategy: script}"), HasSubstr("needs a script"));
    EXPECT_THAT(only("deployment: {health_timeout: 2s}"), HasSubstr("deployment.health_interval = 5s"));
    EXPECT_THAT(only("deployment: {health: running, stable_for: 3m}"), HasSubstr("health_timeout = 120s"));
    EXPECT_THAT(only("deployment: {health: command}"), HasSubstr("there is no command to run"));
    EXPECT_THAT(only("deployment: {drain_by: file}"), HasSubstr("deployment.drain_file = not set"));
    EXPECT_THAT(only("deployment: {drain_by: command}"), HasSubstr("there is no command to run"));
    EXPECT_THAT(only("deployment: {drain_by: haproxy, haproxy: {backend: web}}"),
                HasSubstr("can't be reached"));
    EXPECT_THAT(only("deployment: {drain_by: haproxy, haproxy: {socket: 'tcp://h:9999'}}"),
                HasSubstr("deployment.haproxy.backend = not set"));
    EXPECT_THAT(only("services: {a: {deployment: {traefik: {service: a@docker}}}}"),
                HasSubstr("Traefik can't be asked"));
    EXPECT_THAT(only("adjustment: {min_change: 0.25, increase_factor: 1.2}"), HasSubstr("no increase"));
    EXPECT_THAT(only("services: {a: {adjustment: {decrease_factor: 0.96}}}"), HasSubstr("no decrease"));
    EXPECT_THAT(only("services: {a: {thresholds: {memory_high: 0.2}}}"),
                HasSubstr("thresholds.memory_low = 0.3"));
}

TEST(Contradictions, round_figures_that_fit_are_none) {
    for (const auto* fitting :
         {"{decrease_factor: 0.8, min_change: 0.2}", "{increase_factor: 1.2, min_change: 0.2}",
          "{decrease_factor: 0.9, min_change: 0.1}", "{increase_factor: 1.15, min_change: 0.15}"})
        EXPECT_THAT(problems(std::string("adjustment: ") + fitting), IsEmpty()) << fitting;
}

TEST(Contradictions, what_is_equal_where_it_may_be_is_none) {
    EXPECT_THAT(problems("bounds: {cpu: {min: 1, max: 1}}\nmonitoring: {window: 1h}\n"
                         "services: {a: {baseline: {cpu: 1}}}"),
                IsEmpty());
}

}  // namespace
}  // namespace rm::config
