// SPDX-License-Identifier: Apache-2.0
#include "config/config.h"

#include <filesystem>
#include <fstream>

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
using namespace std::chrono_literals;

TEST(Config, ten_mistakes_give_ten_problems_with_their_places) {
    constexpr std::string_view text = R"(monitorin:
  check_interval: 5m
monitoring:
  chek_interval: 5m
  dry_run: yes
thresholds:
  cpu_high: 1.5
  cpu_low: 0.2
  cpu_low: 0.3
bounds:
  cpu: {min: 4, max: 2}
services:
  grafana: {clas: normal}
  "bad name": {}
http:
  listen: 8000
logging: {keep: 010}
)";
    EXPECT_THAT(
        problems(text),
        ElementsAre(
            "c.yml:1:1: monitorin: is not a key; did you mean 'monitoring'?",
            "c.yml:4:3: monitoring.chek_interval: is not a key; did you mean 'check_interval'?",
            "c.yml:5:12: monitoring.dry_run: expected true or false; found 'yes' (write true)",
            "c.yml:7:13: thresholds.cpu_high: expected a ratio from 0.01 to 1, like 0.8 or 80%; found '1.5'",
            "c.yml:9:3: thresholds.cpu_low: is given a second time; the first is in line 8",
            "c.yml:11:17: bounds.cpu.max: 2 contradicts bounds.cpu.min = 4 (c.yml:11): the minimum must not "
            "be "
            "above the maximum",
            "c.yml:13:13: services.grafana.clas: is not a key; did you mean 'class'?",
            "c.yml:14:3: services.'bad name': 'bad name' is not a service: write the compose service's name "
            "like grafana, or project/service, in letters, digits, '.', '_' and '-'",
            "c.yml:16:11: http.listen: expected an IP address and a port, like 0.0.0.0:8000 or [::1]:8000; "
            "found "
            "'8000'",
            "c.yml:17:17: logging.keep: expected a whole number from 0 to 100; found '010' (without leading "
            "zeros)"));
}

TEST(Config, without_any_source_everything_has_its_default) {
    const Config config = loaded("");
    EXPECT_EQ(config->prometheus.url.with_password(), "http://prometheus:9090");
    EXPECT_EQ(config->docker.host.with_password(), "tcp://docker-socket-proxy:2375");
    EXPECT_EQ(config->monitoring.check_interval, 5min);
    EXPECT_FALSE(config->monitoring.dry_run);
    EXPECT_EQ(config->thresholds.consecutive_checks, 3);
    EXPECT_EQ(config->adjustment.increase_factor, Ratio(1.25));
    EXPECT_FALSE(config->adjustment.maintenance_window);
    EXPECT_EQ(config->bounds.memory.max, Bytes::mebi(8192));
    EXPECT_EQ(amount_of(config->bounds.host_reserve.memory, Bytes(1000)), Bytes(50));
    EXPECT_EQ(config->deployment.strategy, Strategy::blue_green);
    EXPECT_EQ(config->store.retention, 168h);
    EXPECT_EQ(config->http.listen, (ListenAddress{.host = "0.0.0.0", .port = 8000}));
    EXPECT_TRUE(config->services.empty());
}

TEST(Config, the_environment_wins_over_the_file_and_the_command_line_over_both) {
    constexpr std::string_view text = "monitoring: {check_interval: 1m, window: 1m, trend_window: 2h}\n";
    const Config config =
        loaded(text, sources({{"RM_MONITORING__CHECK_INTERVAL", "2m"}, {"RM_MONITORING__WINDOW", "2m"}},
                             {"monitoring.check_interval=3m"}));
    EXPECT_EQ(config->monitoring.check_interval, 3min);
    EXPECT_EQ(config->monitoring.window, 2min);
    EXPECT_EQ(config->monitoring.trend_window, 2h);
    const auto origin = [&](std::string_view path) { return print(config.effective().find(path)->origin); };
    EXPECT_EQ(origin("monitoring.check_interval"), "--set monitoring.check_interval");
    EXPECT_EQ(origin("monitoring.window"), "RM_MONITORING__WINDOW");
    EXPECT_EQ(origin("monitoring.trend_window"), "c.yml:1");
    EXPECT_EQ(origin("monitoring.dry_run"), "default");
}

TEST(Config, a_service_has_its_own_keys_over_the_general_ones) {
    const Config config = loaded(R"(
thresholds: {cpu_high: 0.9}
defaults: {class: optional}
services:
  grafana: {bounds: {cpu: {max: 2}}, adjustment: {maintenance_window: "23:00-01:00"}}
  shop/db: {class: critical, enabled: false, direction: up, baseline: {memory: 1g}, initial: {cpu: 2}}
)");
    const ServicePolicy& grafana = config.service(service("grafana"));
    EXPECT_EQ(grafana.bounds.cpu.max, Cores::whole(2));
    EXPECT_EQ(grafana.bounds.cpu.min, Cores::from_nanos(100'000'000));
    EXPECT_EQ(grafana.thresholds.cpu_high, Ratio(0.9));
    EXPECT_EQ(grafana.service_class, ServiceClass::optional);
    EXPECT_TRUE(grafana.adjustment.maintenance_window->contains({0min}));
    const ServicePolicy& db = config.service(service("shop/db"));
    EXPECT_FALSE(db.enabled);
    EXPECT_EQ(db.direction, Direction::up);
    EXPECT_EQ(db.baseline.memory, Bytes::mebi(1024));
    EXPECT_EQ(db.initial.cpu, Cores::whole(2));
    EXPECT_FALSE(db.initial.memory);
}

TEST(Config, a_service_of_a_project_is_found_by_its_own_name_and_others_get_the_defaults) {
    const Config config = loaded("services: {web: {class: critical}, shop/web: {class: optional}}");
    EXPECT_EQ(config.service(service("web")).service_class, ServiceClass::critical);
    EXPECT_EQ(config.service(service("blog/web")).service_class, ServiceClass::critical);
    EXPECT_EQ(config.service(service("shop/web")).service_class, ServiceClass::optional);
    EXPECT_EQ(config.service(service("blog/db")).service_class, ServiceClass::normal);
}

TEST(Config, an_empty_section_and_an_empty_service_mean_no_difference) {
    const Config config = loaded("http:\nservices:\n  grafana:\n");
    EXPECT_EQ(config->http.max_connections, 256);
    EXPECT_TRUE(config->services.contains(service("grafana")));
}

TEST(Config, a_file_that_is_no_map_is_refused) {
    EXPECT_THAT(problems("- a\n"),
                ElementsAre("c.yml:1:1: expected the sections of a configuration, like 'http:'"));
    EXPECT_THAT(problems("services: [a]"), ElementsAre(HasSubstr("expected a map of services")));
    EXPECT_THAT(problems("services: {a: 1}"), ElementsAre(HasSubstr("services.a: expected a map with keys")));
}

TEST(Config, a_key_from_another_section_is_recognised) {
    EXPECT_THAT(problems("consecutive_checks: 3\n"),
                ElementsAre("c.yml:1:1: consecutive_checks: is not a key; did you mean "
                            "'thresholds.consecutive_checks'?"));
}

TEST(Config, an_alias_may_stand_for_a_service_and_be_changed_in_part) {
    const Config config = loaded(R"(
services:
  a: &base {class: critical, baseline: {cpu: 1}}
  b: *base
  c: {<<: *base, class: optional}
)");
    EXPECT_EQ(config.service(service("b")).baseline.cpu, Cores::whole(1));
    EXPECT_EQ(config.service(service("c")).baseline.cpu, Cores::whole(1));
    EXPECT_EQ(config.service(service("c")).service_class, ServiceClass::optional);
}

TEST(Config, the_place_of_a_wrong_item_in_a_list_is_named) {
    EXPECT_THAT(problems("http:\n  cors_origins:\n    - https://a.example\n    - https://b.example/path\n"),
                ElementsAre("c.yml:4:7: http.cors_origins[1]: expected an origin without a path, like "
                            "https://grafana.example.com; found 'https://b.example/path'"));
    EXPECT_THAT(problems("prometheus: {queries: {\"CPU usage\": up}}"),
                ElementsAre(HasSubstr("prometheus.queries.'CPU usage': expected a signal: sample_time")));
}

TEST(Config, a_secret_is_read_from_its_file_without_the_line_break) {
    const Config config = loaded("http: {token_file: /t}", sources(), {{"/t", "s3cret\r\n"}});
    EXPECT_EQ(config->http.token.value.reveal(), "s3cret");
    EXPECT_EQ(config->http.token.file, "/t");
}

TEST(Config, a_webhooks_address_may_come_from_a_file) {
    const Config config =
        loaded("notifications: {webhook: {url_file: /u}}", sources(), {{"/u", "https://h.example/x\n"}});
    EXPECT_EQ(config->notifications.webhook.url.reveal(), "https://h.example/x");
}

TEST(Config, what_is_wrong_with_a_secret_file_is_said_without_its_content) {
    const auto with = [](const std::string& content) {
        return problems("notifications: {slack: {webhook_url_file: /u}}", sources(), {{"/u", content}});
    };
    EXPECT_THAT(
        problems("http: {token_file: /t}"),
        ElementsAre("c.yml:1:8: http.token_file: the file '/t' can't be read: No such file or directory"));
    EXPECT_THAT(with("\n"), ElementsAre(HasSubstr("the file '/u' is empty")));
    EXPECT_THAT(with("a\nb"),
                ElementsAre(HasSubstr("the file '/u' must hold one line of text, and nothing else")));
    EXPECT_THAT(with("hunter2"), ElementsAre(testing::AllOf(HasSubstr("must hold an address"),
                                                            testing::Not(HasSubstr("hunter2")))));
}

TEST(Config, no_problem_shows_a_password) {
    const auto all = problems(R"(
prometheus: {url: "ftp://me:hunter2@host"}
store: {url: "postgresql:/me:hunter2@host"}
notifications: {webhook: {url: hunter2, headers: {X-Key: [hunter2]}}}
docker: {host: "tcp://a:hunter2@b:x"}
)",
                              sources({{"RM_PROMETHEUS__URL", "me:hunter2@host"}},
                                      {"notifications.webhook.url=hunter2", "store.url=x://a:hunter2@b"}));
    EXPECT_EQ(all.size(), 8U);
    for (const std::string& line : all) EXPECT_THAT(line, testing::Not(HasSubstr("hunter2")));
}

TEST(Config, what_nobody_sees_in_a_secret_file_is_refused_without_its_content) {
    const auto token = [](const std::string& content) {
        const auto found = problems("http: {token_file: /t}", sources(), {{"/t", content}});
        return found.size() == 1 ? found.front() : std::string("not one problem");
    };
    EXPECT_THAT(token("\xef\xbb\xbfs3cret\n"), HasSubstr("the file '/t' begins with a byte order mark"));
    EXPECT_THAT(token(std::string("\xff\xfes\0", 4)), HasSubstr("the file '/t' is UTF-16"));
    EXPECT_THAT(token(" s3cret\n"), HasSubstr("must not begin or end with a blank"));
    EXPECT_THAT(token("s3cret \n"), HasSubstr("must not begin or end with a blank"));
    EXPECT_THAT(token("s3\tcret\n"), HasSubstr("must hold one line of text"));
    for (const auto* content : {"s3 cret", "s3cr\xc3\xa9t"}) {
        EXPECT_THAT(token(content), HasSubstr("printable ASCII characters without spaces"));
        EXPECT_THAT(token(content), testing::Not(HasSubstr("s3")));
    }
    EXPECT_THAT(problems("store: {password_file: /p, url: 'postgresql://a@b/c'}", sources(),
                         {{"/p", "pass phr\xc3\xa4se\n"}}),
                testing::IsEmpty());
}

TEST(Config, a_file_that_cannot_be_read_is_a_problem) {
    const auto config = load({.file = "/nowhere/config.yml", .environment = {}, .overrides = {}});
    ASSERT_FALSE(config);
    EXPECT_EQ(print(config.error()), "/nowhere/config.yml: can't be read: No such file or directory\n");
}

TEST(Config, a_file_is_read_from_disk) {
    const auto file = std::filesystem::path(testing::TempDir()) / "config_test.yml";
    std::ofstream(file) << "monitoring: {dry_run: true}\n";
    const auto config = load({.file = file, .environment = {}, .overrides = {}});
    ASSERT_TRUE(config);
    EXPECT_TRUE((*config)->monitoring.dry_run);
    std::filesystem::remove(file);
}

TEST(Config, problems_come_in_the_order_of_the_sources_and_lines) {
    EXPECT_THAT(
        problems("http: {max_connections: 0}\nlogging: {keep: x}\n",
                 sources({{"RM_HTTP__LISTEN", "x"}, {"RM_BOUNDS__CPU__MIN", "x"}}, {"watch.interval=x"})),
        ElementsAre(HasSubstr("c.yml:1"), HasSubstr("c.yml:2"), HasSubstr("RM_BOUNDS"), HasSubstr("RM_HTTP"),
                    HasSubstr("--set")));
}

}  // namespace
}  // namespace rm::config
