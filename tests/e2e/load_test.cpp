// SPDX-License-Identifier: Apache-2.0
// A daemon that is asked from all sides while it checks, deploys and reads its configuration again: every
// answer is one that docs/api.md knows, and it ends well. Under the thread sanitizer it shows the races that
// tests of single parts can't. RM_LOAD_SECONDS makes it longer.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/e2e/asking.h"
#include "tests/e2e/daemon_process.h"

namespace rm::e2e {
namespace {

using namespace std::chrono_literals;

const std::string load_token = "a-long-secret-for-the-load-test";

std::chrono::seconds load_time() {
    const char* asked_for = std::getenv("RM_LOAD_SECONDS");
    return std::chrono::seconds(asked_for != nullptr ? std::atoi(asked_for) : 4);
}

struct Question {
    std::string target;
    net::Method method = net::Method::get;
    std::vector<int> may_answer{200};
};

/// Everything a client can ask; what writes may come at a bad moment, and is told so. A preflight or a plan
/// that another client is waiting for is refused.
const std::vector<std::vector<Question>> askers = {
    {{"/metrics"}, {"/health"}, {"/-/ready"}, {"/-/healthy"}},
    {{"/api/services"}, {"/api/services/traefik"}, {"/api/services/nobody", net::Method::get, {404}}},
    {{"/api/plan", net::Method::get, {200, 503}}, {"/api/preflight", net::Method::get, {200, 503}}},
    {{"/api/decisions?limit=50"}, {"/api/deployments?limit=50"}, {"/api/export"}},
    {{"/api/services/grafana/pause", net::Method::post},
     {"/api/services/grafana/resume", net::Method::post, {200, 409}},
     {"/api/services/oauth/rollback", net::Method::post, {200, 202, 404, 409, 503}}}};

/// Asks its questions in turn until it's told to stop; how many it asked.
long ask_all(DaemonProcess& daemon, const std::vector<Question>& questions, const std::atomic<bool>& over) {
    long count = 0;
    while (!over) {
        for (const Question& question : questions) {
            const auto answer = get(daemon.url(question.target), question.method, load_token);
            EXPECT_TRUE(std::ranges::count(question.may_answer, answer.status) > 0)
                << question.target << " was answered with " << answer.status << ": " << answer.body;
            ++count;
        }
    }
    return count;
}

TEST(Load, a_daemon_asked_from_all_sides_gives_known_answers_and_ends_well) {
    const TemporaryDirectory directory;
    const std::string token = directory.file("token", load_token + "\n");
    DaemonProcess daemon(directory.path(),
                         {"--simulate", "--speed", "1200", "--set", "http.token_file=" + token});
    daemon.wait_for_line("ready");
    ASSERT_TRUE(eventually([&] { return get(daemon.url("/api/services")).status == 200; }));

    std::atomic<bool> over = false;
    std::atomic<long> asked = 0;
    std::vector<std::jthread> threads;
    threads.reserve(askers.size());
    for (const auto& questions : askers)
        threads.emplace_back([&] { asked += ask_all(daemon, questions, over); });
    const auto until = std::chrono::steady_clock::now() + load_time();
    long reloads = 0;
    for (; std::chrono::steady_clock::now() < until; ++reloads) {
        daemon.signal(SIGHUP);
        std::this_thread::sleep_for(100ms);
    }
    const double checks = metric(daemon, "resource_manager_checks_total");
    over = true;
    threads.clear();

    fmt::print("{} requests and {} reloads during {} checks\n", asked.load(), reloads, checks);
    EXPECT_GT(asked, 100);
    EXPECT_GT(checks, 3);
    daemon.signal(SIGTERM);
    EXPECT_EQ(daemon.wait().exit_code, 0);
}

}  // namespace
}  // namespace rm::e2e
