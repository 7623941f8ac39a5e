// SPDX-License-Identifier: Apache-2.0
// What a reload changes in the daemon that runs, and how it tells what it could not.
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/asking.h"
#include "tests/e2e/daemon_process.h"

namespace rm::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Reload, a_changed_file_is_taken_up_and_a_bad_one_refused) {
    const TemporaryDirectory directory;
    const std::string file = directory.file("c.yml", quiet);
    DaemonProcess daemon(directory.path(), {"--config", file});
    daemon.wait_for_line("ready");

    (void)directory.file("c.yml", quiet + "thresholds: {cpu_high: 0.9}\n");
    daemon.wait_for_line("thresholds.cpu_high: 0.8 -> 0.9");
    daemon.wait_for_line("reloaded");
    EXPECT_EQ(metric(daemon, "resource_manager_config_last_reload_successful"), 1);

    (void)directory.file("c.yml", quiet + "thresholds: {cpu_high: nine}\n");
    daemon.wait_for_line("reload refused");
    EXPECT_THAT(daemon.wait_for_line("c.yml:3:"), HasSubstr("thresholds.cpu_high"));
    EXPECT_EQ(metric(daemon, "resource_manager_config_last_reload_successful"), 0);
    EXPECT_EQ(metric(daemon, "resource_manager_config_reloads_failed_total"), 1);
    EXPECT_THAT(get(daemon.url("/health")).body, HasSubstr("degraded"));
}

TEST(Reload, sighup_reloads_and_the_log_level_changes_at_once) {
    const TemporaryDirectory directory;
    const std::string file = directory.file("c.yml", quiet);
    DaemonProcess daemon(directory.path(), {"--config", file, "--set", "logging.format=json"});
    daemon.wait_for_line("ready");
    daemon.signal(SIGHUP);
    EXPECT_THAT(daemon.wait_for_line("reloaded"), HasSubstr(R"("cause":"SIGHUP","changes":0)"));

    (void)directory.file("c.yml", "monitoring: {source: simulation}\nlogging: {level: debug}\n");
    daemon.signal(SIGHUP);
    daemon.wait_for_line(R"("changes":1)");
    (void)get(daemon.url("/health"));
    daemon.wait_for_line(R"("level":"debug")");
}

TEST(Reload, a_log_that_cannot_be_opened_shows_and_is_tried_again) {
    const TemporaryDirectory directory;
    const std::string blocker = directory.file("logs", "a file where a folder should be\n");
    DaemonProcess daemon(directory.path(), {"--config", directory.file("c.yml", quiet)});
    daemon.wait_for_line("ready");
    (void)directory.file("c.yml",
                         "monitoring: {source: simulation}\nlogging: {file: " + blocker + "/rm.log}\n");
    daemon.signal(SIGHUP);
    daemon.wait_for_line("the log stays as it was");
    EXPECT_THAT(get(daemon.url("/health")).body,
                testing::AllOf(HasSubstr("degraded"), HasSubstr("the log stays as it was")));
    EXPECT_EQ(metric(daemon, "resource_manager_config_last_reload_successful"), 0);

    std::filesystem::remove(blocker);
    daemon.signal(SIGHUP);
    EXPECT_TRUE(
        eventually([&] { return metric(daemon, "resource_manager_config_last_reload_successful") == 1; }));
    EXPECT_TRUE(std::filesystem::exists(blocker + "/rm.log"));
    std::filesystem::remove(blocker + "/rm.log");
    const double before = metric(daemon, "resource_manager_config_reloads_total");
    daemon.signal(SIGHUP);
    EXPECT_TRUE(eventually([&] { return metric(daemon, "resource_manager_config_reloads_total") > before; }));
    EXPECT_EQ(get(daemon.url("/-/healthy")).status, 200);
    EXPECT_FALSE(std::filesystem::exists(blocker + "/rm.log")) << "nothing about the log changed";
}

TEST(Reload, a_token_that_was_rotated_counts_after_a_reload_and_the_one_before_no_more) {
    const TemporaryDirectory directory;
    const std::string token = directory.file("token", "the-token-before\n");
    const std::string config = quiet + "http: {reload_endpoint: true, token_file: " + token + "}\n";
    DaemonProcess daemon(directory.path(), {"--config", directory.file("c.yml", config)});
    daemon.wait_for_line("ready");
    EXPECT_EQ(get(daemon.url("/-/reload"), net::Method::post, "the-token-before").status, 200);
    (void)directory.file("token", "the-token-after\n");
    const std::size_t so_far = daemon.lines().size();
    daemon.signal(SIGHUP);
    daemon.wait_for_line("cause=SIGHUP changes=1", so_far);
    EXPECT_EQ(get(daemon.url("/-/reload"), net::Method::post, "the-token-before").status, 401);
    EXPECT_EQ(get(daemon.url("/-/reload"), net::Method::post, "the-token-after").status, 200);
}

TEST(Reload, reload_over_http_is_off_until_it_is_allowed_and_needs_the_token) {
    const TemporaryDirectory directory;
    const std::string token = directory.file("token", "a-long-secret-for-this-test\n");
    const std::string with_token = quiet + "http: {token_file: " + token;
    const std::string config = with_token + ", reload_endpoint: true}\n";
    DaemonProcess on(directory.path(), {"--config", directory.file("on.yml", with_token + "}\n")});
    on.wait_for_line("ready");
    const auto off = get(on.url("/-/reload"), net::Method::post, "a-long-secret-for-this-test");
    EXPECT_EQ(off.status, 403);
    EXPECT_THAT(off.body, HasSubstr("set http.reload_endpoint"));

    (void)directory.file("on.yml", config);
    on.signal(SIGHUP);
    on.wait_for_line("http.reload_endpoint: false -> true");
    EXPECT_EQ(get(on.url("/-/reload")).status, 405);
    EXPECT_EQ(get(on.url("/-/reload"), net::Method::post, "wrong").status, 401);
    EXPECT_EQ(get(on.url("/-/reload"), net::Method::post, "a-long-secret-for-this-test").status, 200);
    (void)directory.file("on.yml", config + "nonsense: 1\n");
    const auto refused = get(on.url("/-/reload"), net::Method::post, "a-long-secret-for-this-test");
    EXPECT_EQ(refused.status, 422);
    EXPECT_THAT(refused.body, HasSubstr("nonsense"));
    for (const std::string& line : on.lines()) EXPECT_THAT(line, Not(HasSubstr("a-long-secret")));
}

}  // namespace
}  // namespace rm::e2e
