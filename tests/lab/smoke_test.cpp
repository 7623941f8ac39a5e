// SPDX-License-Identifier: Apache-2.0
// All the peers together, as a test of the product will use them; and nothing is left of them.
#include <chrono>
#include <cstdlib>
#include <future>
#include <string>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/lab/alertmanager.h"
#include "tests/lab/compose.h"
#include "tests/lab/containers.h"
#include "tests/lab/engine.h"
#include "tests/lab/http.h"
#include "tests/lab/http_double.h"
#include "tests/lab/keeper.h"
#include "tests/lab/machine.h"
#include "tests/lab/postgres.h"
#include "tests/lab/prometheus.h"
#include "tests/lab/require.h"
#include "tests/lab/socket_proxy.h"
#include "tests/lab/traces.h"
#include "tests/lab/workload_image.h"

namespace rm::lab {
namespace {

using std::chrono::steady_clock;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Prints how long each step took.
class Steps {
public:
    void done(const std::string& what) {
        const auto now = steady_clock::now();
        fmt::print("    {:44} {:6.2f} s\n", what, std::chrono::duration<double>(now - last_).count());
        last_ = now;
    }
    [[nodiscard]] std::chrono::duration<double> total() const { return steady_clock::now() - begun_; }

private:
    steady_clock::time_point begun_ = steady_clock::now();
    steady_clock::time_point last_ = begun_;
};

/// Whether others keep every core busy twice over, so that time says nothing about us.
bool is_overloaded() {
    double last_minute = 0;
    return ::getloadavg(&last_minute, 1) == 1 && last_minute > 2.0 * std::thread::hardware_concurrency();
}

std::string project() {
    return compose_file(
        {{.name = "web", .cpus = "0.5", .memory = "64m", .environment = {{"WORKLOAD_CPU", "0.1"}}}});
}

void expect_the_proxy_lets_read_only(const SocketProxy& proxy) {
    const auto list = must(call({.url = proxy.url() + "/containers/json"}));
    EXPECT_EQ(list.status, 200);
    EXPECT_THAT(list.body, HasSubstr("/shop_web_1"));
    const auto stop = must(call({.method = "POST", .url = proxy.url() + "/containers/shop_web_1/stop"}));
    EXPECT_EQ(stop.status, 403);
    EXPECT_THAT(stop.content_type, HasSubstr("text/html"));
    EXPECT_THAT(stop.body, HasSubstr("<html>"));
}

void expect_an_alert_comes_through(const Alertmanager& alertmanager) {
    must(alertmanager.post(R"([{"labels": {"alertname": "Held", "service": "web"}}])"));
    const auto alerts = must(alertmanager.alerts());
    ASSERT_EQ(alerts.size(), 1U);
    EXPECT_EQ(alerts[0].labels.at("service"), "web");
    EXPECT_EQ(alerts[0].state, "active");
}

void expect_the_double_records(HttpDouble& hook) {
    hook.on("POST", "/hook", lab::Answer::text(200, "ok"));
    EXPECT_EQ(must(call({.method = "POST", .url = hook.url() + "/hook", .body = "{}"})).status, 200);
    EXPECT_EQ(hook.requests().at(0).body, "{}");
}

TEST(Lab, all_peers_work_together_within_20_s_and_leave_nothing) {
    RM_LAB_REQUIRE(engine, compose, haproxy, prometheus, alertmanager, postgres);
    const auto before = machine_now();
    std::string lab;
    const bool overloaded = is_overloaded();
    Steps steps;
    {
        auto engine_soon = std::async(std::launch::async, [] { return Engine::start(); });
        auto postgres_soon = std::async(std::launch::async, [] { return Postgres::create(); });
        auto alertmanager_soon = std::async(std::launch::async, [] { return Alertmanager::start(); });
        const auto hook = must(HttpDouble::start());
        const Engine engine = must(engine_soon.get());
        steps.done("engine (" + engine.storage_driver() + ")");
        auto prometheus_soon =
            std::async(std::launch::async, [&] { return Prometheus::start({.inside = &engine.space()}); });
        const SocketProxy proxy = must(SocketProxy::start(engine, {.on = {"CONTAINERS"}}));
        must(load_workload(engine));
        steps.done("socket proxy, image of the workload");
        auto shop_soon =
            std::async(std::launch::async, [&] { return ComposeProject::up(engine, "shop", project()); });
        const Alertmanager alertmanager = must(alertmanager_soon.get());
        const auto postgres = must(postgres_soon.get());
        Prometheus prometheus = must(prometheus_soon.get());
        steps.done("Alertmanager, PostgreSQL, Prometheus");
        const ComposeProject shop = must(shop_soon.get());
        steps.done("compose up");
        const std::string container = shop.container("web");
        const Workload web = must(Workload::attach(engine, container));
        must(prometheus.scrape_instead(scrape("web", {web.inside()})));
        must(wait_for_state(engine, container, "healthy"));
        steps.done("the workload is healthy");

        lab = must(lab_folder()).filename();
        EXPECT_FALSE(traces(lab).empty());
        EXPECT_THAT(must(containers(engine)), ElementsAre("shop_web_1"));
        expect_the_proxy_lets_read_only(proxy);
        expect_an_alert_comes_through(alertmanager);
        expect_the_double_records(*hook);
        must(postgres->create_user("orders"));
        steps.done("proxy, alert, database, double");
        must(web.set("health=unhealthy"));
        must(wait_for_state(engine, container, "unhealthy"));
        must(web.set("health=healthy"));
        must(wait_for_state(engine, container, "healthy"));
        steps.done("unhealthy and healthy again on command");
        // Prometheus takes up new targets every five seconds, so this comes last.
        must(prometheus.wait_for("workload_cpu_cores", 0.1));
        steps.done("Prometheus scrapes the workload");
    }
    steps.done("compose down and all peers stopped");
    close_lab();
    steps.done("lab closed");
    fmt::print("    {:44} {:6.2f} s\n", "in all", steps.total().count());
    if (overloaded) {
        fmt::print("    this machine is busy with something else: the time does not count\n");
    } else {
        EXPECT_LT(steps.total().count(), 20);
    }
    EXPECT_THAT(left_of(lab), IsEmpty());
    EXPECT_THAT(new_since(before), IsEmpty());
}

}  // namespace
}  // namespace rm::lab
