// SPDX-License-Identifier: Apache-2.0
#include "config/live_config.h"

#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/effective.h"
#include "tests/unit/config/loading.h"

namespace rm::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using namespace std::chrono_literals;

std::vector<std::string> printed(const std::vector<Change>& changes) {
    std::vector<std::string> lines;
    lines.reserve(changes.size());
    for (const Change& change : changes) lines.push_back(print(change));
    return lines;
}

class Live : public testing::Test {
protected:
    void SetUp() override { std::filesystem::create_directories(folder_); }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name) << text;
    }

    LiveConfig live() {
        Sources sources{.file = folder_ / "config.yml", .environment = {}, .overrides = {}};
        auto config = load(sources);
        return {std::move(sources), config.value()};
    }

private:
    std::filesystem::path folder_ =
        std::filesystem::path(testing::TempDir()) / ("live_config_test." + std::to_string(::getpid()));
};

TEST_F(Live, a_reload_says_what_changed_and_swaps_it_in) {
    write("config.yml", "monitoring: {check_interval: 1m}\nservices: {a: {class: critical}, b: {}}\n");
    LiveConfig config = live();
    write("config.yml",
          "monitoring: {check_interval: 2m}\nhttp: {listen: ':9000'}\nlogging: {file: x}\nservices: {a: , c: "
          "}\n");

    const auto result = config.reload();

    ASSERT_TRUE(result);
    EXPECT_THAT(
        printed(*result),
        UnorderedElementsAre("monitoring.check_interval: 1m -> 2m",
                             "http.listen: 0.0.0.0:8000 -> 0.0.0.0:9000 (needs a restart)",
                             "logging.file: (not set) -> x", "services.a.class: critical -> (not set)",
                             "services.c: (not set) -> listed", "services.b: listed -> (not set)"));
    EXPECT_EQ((*config.current())->monitoring.check_interval, 2min);
}

TEST_F(Live, what_needs_a_restart_stays_in_use_until_then) {
    write("ca", "x");
    write("config.yml",
          "docker: {host: 'tcp://a:1', tls: {ca_file: " + path("ca") + "}}\nlogging: {keep: 1}\n");
    LiveConfig config = live();
    EXPECT_THAT(printed(config.pending()), IsEmpty());
    write("config.yml", "docker: {host: 'tcp://b:2'}\nlogging: {keep: 2}\nmonitoring: {source: docker}\n");

    const auto result = config.reload();

    ASSERT_TRUE(result);
    const auto now = config.current();
    EXPECT_EQ((*now)->logging.keep, 2);
    EXPECT_EQ((*now)->docker.host.with_password(), "tcp://a:1");
    EXPECT_EQ((*now)->docker.tls.ca_file, path("ca"));
    EXPECT_EQ((*now)->monitoring.source, MetricsSource::prometheus);
    EXPECT_EQ(print_yaml(now->effective().find("docker.host")->value), "tcp://a:1");
    EXPECT_THAT(printed(*result),
                UnorderedElementsAre("docker.host: tcp://a:1 -> tcp://b:2 (needs a restart)",
                                     "docker.tls.ca_file: " + path("ca") + " -> (not set) (needs a restart)",
                                     "monitoring.source: prometheus -> docker (needs a restart)",
                                     "logging.keep: 1 -> 2"));
    EXPECT_THAT(printed(config.pending()),
                ElementsAre("docker.host: tcp://a:1 -> tcp://b:2 (needs a restart)",
                            "docker.tls.ca_file: " + path("ca") + " -> (not set) (needs a restart)",
                            "monitoring.source: prometheus -> docker (needs a restart)"));
}

TEST_F(Live, what_waits_for_a_restart_is_told_once_and_forgotten_when_taken_back) {
    write("config.yml", "http: {listen: ':1'}\n");
    LiveConfig config = live();
    write("config.yml", "http: {listen: ':2'}\n");
    ASSERT_TRUE(config.reload());
    EXPECT_THAT(config.reload().value(), IsEmpty());
    EXPECT_EQ(config.pending().size(), 1U);
    write("config.yml", "http: {listen: ':1'}\n");
    ASSERT_TRUE(config.reload());
    EXPECT_THAT(config.pending(), IsEmpty());
}

TEST_F(Live, a_password_file_of_the_store_keeps_its_content_until_a_restart) {
    write("password", "old-secret");
    write("config.yml", "store: {url: 'postgresql://u@h/d', password_file: " + path("password") + "}\n");
    LiveConfig config = live();
    write("password", "new-secret");
    ASSERT_TRUE(config.reload());
    EXPECT_EQ((*config.current())->store.password.value.reveal(), "old-secret");
    EXPECT_EQ(config.pending().size(), 1U);
}

TEST_F(Live, a_pipe_can_be_read_once_and_a_reload_from_it_is_refused) {
    const std::string pipe = path("config.yml");
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    std::jthread writer([&] { write("config.yml", "logging: {keep: 7}\n"); });
    LiveConfig config = live();
    writer.join();

    const auto result = config.reload();

    ASSERT_FALSE(result);
    EXPECT_THAT(print(result.error()), testing::HasSubstr("is a pipe, which gives its content only once"));
    EXPECT_EQ((*config.current())->logging.keep, 7);
}

TEST_F(Live, a_secret_in_a_pipe_is_refused_by_a_reload_and_never_waited_for) {
    write("token", "old");
    write("config.yml", "http: {token_file: " + path("token") + "}\n");
    LiveConfig config = live();
    std::filesystem::remove(path("token"));
    ASSERT_EQ(::mkfifo(path("token").c_str(), 0600), 0);
    EXPECT_FALSE(config.reload());
    EXPECT_EQ((*config.current())->http.token.value.reveal(), "old");
}

TEST_F(Live, a_reload_notes_which_state_of_the_file_it_has_read) {
    write("config.yml", "logging: {keep: 1}\n");
    LiveConfig config = live();
    write("config.yml", "logging: {keep: many}\n");
    EXPECT_FALSE(config.reload());
    EXPECT_EQ(config.last_read().get(), state_of(path("config.yml")));
}

TEST_F(Live, a_service_that_comes_or_goes_with_its_keys_is_told_by_these) {
    write("config.yml", "services: {a: {class: critical}}\n");
    LiveConfig config = live();
    write("config.yml", "services: {b: {class: optional}}\n");
    EXPECT_THAT(printed(config.reload().value()), ElementsAre("services.b.class: (not set) -> optional",
                                                              "services.a.class: critical -> (not set)"));
}

TEST_F(Live, a_bad_file_is_refused_and_the_old_configuration_stays) {
    write("config.yml", "monitoring: {check_interval: 1m}\n");
    LiveConfig config = live();
    const auto before = config.current();
    write("config.yml", "monitoring: {check_interval: 2m, window: x}\n");

    const auto result = config.reload();

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().size(), 1U);
    EXPECT_EQ(config.current(), before);
}

TEST_F(Live, nothing_changed_is_no_change) {
    write("config.yml", "monitoring: {check_interval: 60}\n");
    LiveConfig config = live();
    write("config.yml", "# another way to write it\nmonitoring:\n  check_interval: 1m\n");
    EXPECT_THAT(config.reload().value(), IsEmpty());
}

TEST_F(Live, a_secret_that_changed_is_noticed_and_not_shown) {
    write("token", "old-secret\n");
    write("config.yml", "http: {token_file: " + path("token") + "}\n" +
                            "notifications: {webhook: {url: 'https://a.b/old-secret'}}\n");
    LiveConfig config = live();
    write("token", "new-secret\n");
    write("config.yml", "http: {token_file: " + path("token") + "}\n" +
                            "notifications: {webhook: {url: 'https://a.b/new-secret'}}\n");

    const auto result = config.reload();

    ASSERT_TRUE(result);
    EXPECT_THAT(
        printed(*result),
        ElementsAre("notifications.webhook.url: \"***\" -> \"***\" (its secret differs)",
                    "http.token_file: " + path("token") + " -> " + path("token") + " (its secret differs)"));
    EXPECT_EQ((*config.current())->http.token.value.reveal(), "new-secret");
}

TEST_F(Live, readers_and_reloads_don_t_disturb_each_other) {
    write("config.yml", "logging: {keep: 1}\n");
    LiveConfig config = live();
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int i = 0; i < 2; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 20; ++n) EXPECT_TRUE(config.reload());
        });
    for (int i = 0; i < 2; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 1000; ++n) EXPECT_EQ((*config.current())->logging.keep, 1);
        });
}

}  // namespace
}  // namespace rm::config
