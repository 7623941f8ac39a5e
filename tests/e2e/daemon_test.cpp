// SPDX-License-Identifier: Apache-2.0
// The daemon's life as its users see it: start, ready, signals, exit codes.
#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include <arpa/inet.h>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/e2e/asking.h"
#include "tests/e2e/daemon_process.h"

namespace rm::e2e {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

TEST(Daemon, tells_of_each_part_and_serves_until_it_is_asked_to_stop) {
    const TemporaryDirectory directory;
    DaemonProcess daemon(directory.path(), {"--config", directory.file("c.yml", quiet)});
    daemon.wait_for_line("ready");
    EXPECT_THAT(daemon.lines(), Contains(HasSubstr("name=store")));
    EXPECT_THAT(daemon.lines(), Contains(HasSubstr("name=http with=http://127.0.0.1:")));
    daemon.wait_for_line("connected name=store");

    EXPECT_TRUE(eventually([&] { return get(daemon.url("/-/ready")).status == 200; }));
    const auto health = boost::json::parse(get(daemon.url("/health")).body).as_object();
    EXPECT_EQ(health.at("status").as_string(), "ok");
    EXPECT_EQ(health.at("version").as_string(), RM_VERSION);
    EXPECT_EQ(get(daemon.url("/-/healthy")).status, 200);
    EXPECT_EQ(get(daemon.url("/-/ready"), net::Method::head).status, 200);
    EXPECT_EQ(get(daemon.url("/nothing")).status, 404);

    daemon.signal(SIGTERM);
    const auto outcome = daemon.wait();
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(daemon.lines().back(), HasSubstr("stopped"));
    EXPECT_TRUE(std::filesystem::exists(directory.path() / "data" / "resource-manager.db"));
}

TEST(Daemon, promtool_complains_of_nothing_but_the_names_that_are_fixed) {
    if (!std::filesystem::exists("/usr/bin/promtool")) GTEST_SKIP() << "promtool is not installed";
    const TemporaryDirectory directory;
    DaemonProcess daemon(directory.path(), {"--config", directory.file("c.yml", quiet)});
    daemon.wait_for_line("ready");
    EXPECT_TRUE(eventually([&] {  // the first check brings the services'
        return get(daemon.url("/metrics")).body.find("resource_manager_rollbacks{") != std::string::npos;
    }));
    const auto metrics = get(daemon.url("/metrics"));
    EXPECT_EQ(*net::find(metrics.headers, "Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    for (const auto* name :
         {"resource_manager_build_info", "resource_manager_config_last_reload_successful 1",
          "resource_manager_http_requests_total", "process_resident_memory_bytes"})
        EXPECT_THAT(metrics.body, HasSubstr(name));

    const std::string file = directory.file("metrics", metrics.body);
    const net::Command check{.argv = {"/bin/sh", "-c", "promtool check metrics < " + file},
                             .environment = {{"PATH", "/usr/bin:/bin"}}};
    const auto outcome = net::run(check, {});
    ASSERT_TRUE(outcome);
    std::string expected;
    for (const auto* name : {"blue_green_deployments", "failed_adjustments", "rollbacks",
                             "successful_adjustments", "total_adjustments"})
        expected += fmt::format(R"(resource_manager_{} counter metrics should have "_total" suffix)"
                                "\n",
                                name);
    EXPECT_EQ(outcome->err, expected);
}

TEST(Daemon, a_wrong_configuration_exits_with_2_before_anything_starts) {
    const TemporaryDirectory directory;
    DaemonProcess daemon(directory.path(),
                         {"--config", directory.file("c.yml", "bounds: {cpu: {min: 4, max: 1}}\n")});
    EXPECT_EQ(daemon.wait().exit_code, 2);
    EXPECT_FALSE(std::filesystem::exists(directory.path() / "data"));
}

TEST(Daemon, a_port_that_is_taken_exits_with_3_and_names_it) {
    const TemporaryDirectory directory;
    const std::string file = directory.file("c.yml", quiet);
    DaemonProcess first(directory.path(), {"--config", file});
    first.wait_for_line("ready");
    const std::string taken = "127.0.0.1:" + std::to_string(first.port());
    DaemonProcess second(directory.path(), {"--config", file, "--set", "http.listen=" + taken, "--set",
                                            "store.url=sqlite:second.db"});
    EXPECT_EQ(second.wait().exit_code, 3);
    EXPECT_THAT(second.lines(), Contains(testing::AllOf(HasSubstr("cannot start"), HasSubstr(taken))));
}

TEST(Daemon, a_second_one_with_the_same_pid_file_is_refused) {
    const TemporaryDirectory directory;
    const std::string file = directory.file("c.yml", quiet);
    DaemonProcess first(directory.path(), {"--config", file, "--pid-file", "rm.pid"});
    first.wait_for_line("ready");
    DaemonProcess second(directory.path(), {"--config", file, "--pid-file", "rm.pid"});
    EXPECT_EQ(second.wait().exit_code, 3);
    EXPECT_THAT(second.lines(), Contains(HasSubstr("process " + std::to_string(first.pid()))));
    first.signal(SIGTERM);
    EXPECT_EQ(first.wait().exit_code, 0);
    EXPECT_FALSE(std::filesystem::exists(directory.path() / "rm.pid"));
}

TEST(Daemon, a_run_that_was_killed_is_noticed_by_the_next) {
    const TemporaryDirectory directory;
    const std::string file = directory.file("c.yml", quiet);
    {
        DaemonProcess first(directory.path(), {"--config", file});
        first.wait_for_line("ready");
        first.signal(SIGKILL);
        EXPECT_EQ(first.wait().signal, SIGKILL);
    }
    DaemonProcess second(directory.path(), {"--config", file});
    second.wait_for_line("the run before did not end cleanly");
    second.wait_for_line("ready");
    second.signal(SIGTERM);
    EXPECT_EQ(second.wait().exit_code, 0);
    DaemonProcess third(directory.path(), {"--config", file});
    third.wait_for_line("ready");
    EXPECT_THAT(third.lines(), Not(Contains(HasSubstr("did not end cleanly"))));
}

/// A client that has sent half a request and may go on: the server waits for the rest before it stops.
int half_a_request(int port, const std::string& token) {
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    const std::string text =
        "POST /-/reload HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nExpect: 100-continue\r\n"
        "Authorization: Bearer " +
        token + "\r\n\r\n";
    EXPECT_EQ(send(descriptor, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
    // The daemon says itself that it has let the request in and waits for its body.
    const std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    std::array<char, 100> answer{};
    const auto count = recv(descriptor, answer.data(), go_on.size(), MSG_WAITALL);
    EXPECT_EQ(std::string_view(answer.data(), count > 0 ? static_cast<std::size_t>(count) : 0), go_on);
    EXPECT_EQ(send(descriptor, "half", 4, MSG_NOSIGNAL), 4);
    return descriptor;
}

TEST(Daemon, a_second_signal_ends_it_at_once) {
    const TemporaryDirectory directory;
    const std::string token = directory.file("token", "a-long-secret-for-this-test\n");
    DaemonProcess daemon(directory.path(),
                         {"--config", directory.file("c.yml", quiet), "--set", "http.token_file=" + token});
    daemon.wait_for_line("ready");
    const int client = half_a_request(daemon.port(), "a-long-secret-for-this-test");
    daemon.signal(SIGTERM);
    daemon.wait_for_line("stopping");
    std::this_thread::sleep_for(200ms);  // one that comes at once would be the first, sent twice
    daemon.signal(SIGTERM);
    const auto outcome = daemon.wait();
    close(client);
    EXPECT_EQ(outcome.exit_code, 4);
    EXPECT_THAT(daemon.lines().back(), HasSubstr("a second signal"));
}

/// systemd's end of NOTIFY_SOCKET.
class ServiceSocket {
public:
    explicit ServiceSocket(std::string path)
        : path_(std::move(path)), descriptor_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path_.copy(address.sun_path, sizeof address.sun_path - 1);
        EXPECT_EQ(bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        const timeval limit{.tv_sec = 10, .tv_usec = 0};
        setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    }
    ~ServiceSocket() { close(descriptor_); }
    ServiceSocket(const ServiceSocket&) = delete;
    ServiceSocket& operator=(const ServiceSocket&) = delete;
    ServiceSocket(ServiceSocket&&) = delete;
    ServiceSocket& operator=(ServiceSocket&&) = delete;

    /// The next message's first line that is not WATCHDOG=1.
    [[nodiscard]] std::string next() const {
        for (;;) {
            std::array<char, 1000> buffer{};
            const auto count = recv(descriptor_, buffer.data(), buffer.size(), 0);
            if (count <= 0) return "(nothing)";
            const std::string text(buffer.data(), static_cast<std::size_t>(count));
            if (text != "WATCHDOG=1") return text.substr(0, text.find('\n'));
        }
    }

    [[nodiscard]] std::string next_of_all() const {
        std::array<char, 1000> buffer{};
        const auto count = recv(descriptor_, buffer.data(), buffer.size(), 0);
        return {buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
    }

private:
    std::string path_;
    int descriptor_;
};

TEST(Daemon, the_service_manager_hears_ready_reloading_watchdog_and_stopping) {
    const TemporaryDirectory directory;
    const std::string path = (directory.path() / "notify").string();
    const ServiceSocket manager(path);
    DaemonProcess daemon(directory.path(), {"--config", directory.file("c.yml", quiet)},
                         {{"NOTIFY_SOCKET", path}, {"WATCHDOG_USEC", "200000"}});
    EXPECT_EQ(manager.next(), "READY=1");
    EXPECT_EQ(manager.next_of_all(), "WATCHDOG=1");
    daemon.signal(SIGHUP);
    EXPECT_EQ(manager.next(), "RELOADING=1");
    EXPECT_EQ(manager.next(), "READY=1");
    daemon.signal(SIGTERM);
    EXPECT_EQ(manager.next(), "STOPPING=1");
    EXPECT_EQ(daemon.wait().exit_code, 0);
}

TEST(Daemon, it_is_not_ready_without_its_peers_and_names_them_with_what_to_do) {
    const TemporaryDirectory directory;
    const std::string config = "docker: {host: \"unix://" + (directory.path() / "no.sock").string() +
                               "\"}\n" + "prometheus: {url: \"http://127.0.0.1:1\"}\n";
    DaemonProcess daemon(directory.path(), {"--config", directory.file("c.yml", config)});
    daemon.wait_for_line("ready");
    EXPECT_THAT(daemon.wait_for_line("name=docker"),
                testing::AllOf(HasSubstr("no.sock"), HasSubstr("set docker.host")));
    EXPECT_THAT(daemon.wait_for_line("name=prometheus"), HasSubstr("set prometheus.url"));
    EXPECT_TRUE(eventually([&] { return get(daemon.url("/health")).status == 503; }));
    EXPECT_TRUE(eventually(
        [&] { return get(daemon.url("/-/ready")).body.find("prometheus has failed") != std::string::npos; }));
    const auto ready = get(daemon.url("/-/ready"));
    EXPECT_EQ(ready.status, 503);
    EXPECT_THAT(ready.body, testing::AllOf(HasSubstr("not ready: "), HasSubstr("docker has failed: "),
                                           HasSubstr("no.sock"), Not(HasSubstr("store"))));
    EXPECT_EQ(get(daemon.url("/-/healthy")).status, 200);
}

TEST(Daemon, one_that_needs_no_peers_is_ready_without_them) {
    const TemporaryDirectory directory;
    DaemonProcess daemon(directory.path(), {"--config", directory.file("c.yml", quiet)});
    EXPECT_TRUE(eventually([&] { return get(daemon.url("/-/ready")).status == 200; }));
    const auto health = get(daemon.url("/health"));
    EXPECT_EQ(health.status, 200);
    EXPECT_THAT(health.body, testing::AllOf(Not(HasSubstr("docker")), Not(HasSubstr("prometheus"))));
}

}  // namespace
}  // namespace rm::e2e
