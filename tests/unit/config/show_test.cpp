// SPDX-License-Identifier: Apache-2.0
#include "config/show.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "config/live_config.h"
#include "config/node.h"
#include "tests/unit/config/loading.h"

namespace rm::config {
namespace {

using test::loaded;
using test::service;
using test::sources;
using testing::HasSubstr;
using testing::Not;

TEST(Show, every_value_stands_beside_its_origin) {
    const std::string text = show(loaded("monitoring: {check_interval: 60}\n",
                                         sources({{"RM_HTTP__LISTEN", ":9000"}}, {"logging.level=debug"})));
    EXPECT_THAT(text, HasSubstr("\nmonitoring:\n  check_interval: 1m  # c.yml:1\n  window: 5m  # default\n"));
    EXPECT_THAT(text,
                HasSubstr("\nhttp:\n  listen: 0.0.0.0:9000  # RM_HTTP__LISTEN\n  # token_file: not set\n"));
    EXPECT_THAT(text, HasSubstr("\nlogging:\n  level: debug  # --set logging.level\n"));
    EXPECT_THAT(text, HasSubstr("\nservices: {}\n"));
}

TEST(Show, no_secret_is_shown_in_either_format) {
    const Config config = loaded(R"(
prometheus: {url: "https://me:hunter2@p"}
http: {token_file: /t}
notifications: {webhook: {url: "https://h/hunter2", headers: {X-Key: hunter2}}, alertmanager: {urls: ["http://a:hunter2@b"]}}
)",
                                 sources(), {{"/t", "hunter2"}});
    for (const auto format : {ShowFormat::yaml, ShowFormat::json})
        EXPECT_THAT(show(config, {.format = format, .service = {}}), Not(HasSubstr("hunter2")));
    const std::string text = show(config);
    EXPECT_THAT(text, HasSubstr("token_file: /t  # c.yml:3, holds ***\n"));
    EXPECT_THAT(text, HasSubstr("url: \"https://me:***@p\"  # c.yml:2\n"));
    EXPECT_THAT(text, HasSubstr("headers: {X-Key: \"***\"}"));
}

TEST(Show, of_one_service_is_what_applies_to_it) {
    const Config config = loaded(
        "thresholds: {cpu_high: 0.9}\n"
        "services:\n"
        "  web: {class: critical, bounds: {cpu: {max: 2}}}\n");
    const std::string text = show(config, {.format = ShowFormat::yaml, .service = service("shop/web")});
    EXPECT_THAT(text, testing::StartsWith(
                          "services:\n  shop/web:\n    thresholds:\n      cpu_high: 0.9  # c.yml:1\n"));
    EXPECT_THAT(
        text, HasSubstr("    bounds:\n      cpu:\n        min: 0.1  # default\n        max: 2  # c.yml:3\n"));
    EXPECT_THAT(text, HasSubstr("    class: critical  # c.yml:3\n"));
    EXPECT_THAT(text, HasSubstr("      # cpu: not set\n"));
    EXPECT_THAT(text, Not(HasSubstr("prometheus")));
}

TEST(Show, as_json_has_a_value_and_an_origin_for_every_key) {
    const std::string text =
        show(loaded("services: {a: {enabled: false}}"), {.format = ShowFormat::json, .service = {}});
    EXPECT_THAT(
        text, HasSubstr("\"check_interval\": {\n      \"value\": \"5m\",\n      \"origin\": \"default\"\n"));
    EXPECT_THAT(text,
                HasSubstr("\"enabled\": {\n        \"value\": false,\n        \"origin\": \"c.yml:1\"\n"));
    EXPECT_THAT(text, HasSubstr("\"token_file\": {\n      \"value\": null,\n"));
}

TEST(Show, an_origin_cannot_leave_its_comment) {
    Sources from = sources();
    from.file = "a\nhttp: {}\n";
    EXPECT_THAT(show(loaded("logging: {keep: 1}", from)), HasSubstr("keep: 1  # 'a\\x0ahttp: {}\\x0a:1'\n"));
}

/// A configuration made of values from all over their ranges.
std::string any_file() {
    const auto number = [](int from, int to) { return std::to_string(*rc::gen::inRange(from, to)); };
    std::string text = "monitoring: {check_interval: " + number(1, 86'400) +
                       ", dry_run: " + (*rc::gen::arbitrary<bool>() ? "true" : "false") +
                       ", window: " + number(1000, 3'600'000) + "ms}\n";
    text += "bounds: {cpu: {min: " + number(10, 8000) +
            "m}, memory: {min: " + number(6'291'456, 1'000'000'000) + "}, host_reserve: {cpu: 0." +
            number(0, 1'000'000) + ", memory: " + number(0, 99) + "." + number(0, 99) + "%}}\n";
    text += "adjustment: {increase_factor: 1." + number(10, 99) + number(0, 1'000'000) + ", min_change: 0}\n";
    text += "notifications: {webhook: {body: " + print_yaml(string("x" + *rc::gen::string<std::string>())) +
            "}}\n";
    text += "services:\n";
    for (int i = 0; i < *rc::gen::inRange(0, 4); ++i)
        text += "  s" + std::to_string(i) +
                ": {baseline: {memory: 8191M}, thresholds: {min_uptime: " + number(0, 100) +
                "m}, deployment: {hooks: {before: [" +
                print_yaml(string("x" + *rc::gen::string<std::string>())) + "]}}}\n";
    return text;
}

RC_GTEST_PROP(Show, what_is_shown_is_read_as_the_same_configuration, ()) {
    const std::string text = any_file();
    const auto config = test::try_load(text);
    RC_PRE(config.has_value());
    const auto again = test::try_load(show(*config));
    RC_ASSERT(again.has_value());
    RC_ASSERT(changes(*config, *again).empty());
}

}  // namespace
}  // namespace rm::config
