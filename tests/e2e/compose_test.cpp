// SPDX-License-Identifier: Apache-2.0
// Living with Compose: a simulated engine that was made anew has the limits of its file, while the store
// knows of those that were deployed before. And deployments without a daemon, which Compose's users have
// often.
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/asking.h"
#include "tests/e2e/daemon_process.h"

namespace rm::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class LivingWithCompose : public testing::Test {
protected:
    [[nodiscard]] std::vector<std::string> simulation(const std::string& name,
                                                      const std::string& deployment) const {
        return {"--simulate",
                "--speed",
                "600",
                "--set",
                "store.url=sqlite:deployments.db",
                "--config",
                directory.file(name,
                               "monitoring: {check_interval: 1m, window: 1m}\n"
                               "thresholds: {min_uptime: 1m}\n"
                               "deployment: {health_timeout: 1h, drain: 30s, " +
                                   deployment + "}\n")};
    }

    /// Where nobody listens, and in which nothing takes long.
    [[nodiscard]] std::vector<std::string> alone(std::vector<std::string> words,
                                                 const std::string& deployment) const {
        const std::string store = "sqlite:" + (directory.path() / "alone.db").string();
        words.emplace_back("--config");
        words.push_back(directory.file("alone.yml",
                                       "monitoring: {source: simulation, dry_run: false}\n"
                                       "http: {listen: \"127.0.0.1:9\"}\n"
                                       "store: {url: \"" +
                                           store + "\"}\ndeployment: {observe: 1s, " + deployment + "}\n"));
        return words;
    }

    [[nodiscard]] std::string text_of(const std::string& name) const {
        std::stringstream all;
        all << std::ifstream(directory.path() / name).rdbuf();
        return all.str();
    }

    /// The name of the service that the first deployment was about, and its limits since then.
    static boost::json::object first_deployment(DaemonProcess& daemon) {
        return boost::json::parse(get(daemon.url("/api/deployments/1")).body).at("deployment").as_object();
    }

    TemporaryDirectory directory;
};

TEST_F(LivingWithCompose, limits_of_the_file_are_noticed_after_a_restart_and_ours_set_again) {
    boost::json::object before;
    {
        DaemonProcess first(directory.path(), simulation("c.yml", "observe: 30s"));
        first.wait_for_line("deploy    deployed");
        before = first_deployment(first);
        first.signal(SIGTERM);
        EXPECT_EQ(first.wait().exit_code, 0);
    }
    ASSERT_EQ(before.at("status"), "succeeded");
    DaemonProcess second(directory.path(), simulation("d.yml", "observe: 30s, on_drift: reapply"));
    EXPECT_THAT(second.wait_for_line("somebody else changed the limits"),
                AllOf(HasSubstr("ours are to be set again"), HasSubstr("deployment=")));
    const auto deployments = [&] { return get(second.url("/api/deployments?limit=100")).body; };
    EXPECT_TRUE(eventually([&] {
        return deployments().find("set again as by deployment") != std::string::npos;
    })) << deployments();
    double drifts = 0;
    for (const auto& [name, value] : series_of(get(second.url("/metrics")).body))
        if (name.starts_with("resource_manager_drifts_total{")) drifts += value;
    EXPECT_GE(drifts, 1);
}

TEST_F(LivingWithCompose, limits_of_the_file_hold_where_they_are_accepted) {
    {
        DaemonProcess first(directory.path(), simulation("c.yml", "observe: 30s"));
        first.wait_for_line("deploy    deployed");
        first.signal(SIGTERM);
        EXPECT_EQ(first.wait().exit_code, 0);
    }
    DaemonProcess second(directory.path(), simulation("c.yml", "observe: 30s"));
    EXPECT_THAT(second.wait_for_line("somebody else changed the limits"),
                HasSubstr("which hold from now on"));
    EXPECT_THAT(get(second.url("/api/services")).body, HasSubstr(R"("accepted":true)"));
}

TEST_F(LivingWithCompose, a_file_for_compose_has_the_limits_of_today) {
    DaemonProcess daemon(
        directory.path(),
        simulation("c.yml", "observe: 30s, write_override: " + (directory.path() / "limits.yml").string()));
    daemon.wait_for_line("wrote the limits for Compose");
    EXPECT_THAT(text_of("limits.yml"), HasSubstr("  \"redis\":\n    cpus: 0.25\n"));
    daemon.wait_for_line("deploy    deployed");
    const std::string service(first_deployment(daemon).at("service").as_string());
    const double cpu = first_deployment(daemon).at("to").at("cpu_cores").to_number<double>();
    const double memory = first_deployment(daemon).at("to").at("memory_bytes").to_number<double>();
    const std::string entry = fmt::format("\"{}\":\n    cpus: {}\n    mem_limit: \"{:.0f}M\"\n",
                                          service.substr(service.find('/') + 1), cpu, memory / (1 << 20));
    EXPECT_TRUE(eventually([&] { return text_of("limits.yml").find(entry) != std::string::npos; }))
        << entry << text_of("limits.yml");
    EXPECT_THAT(get(daemon.url("/health")).body, HasSubstr(R"("override":{"status":"ok")"));
    EXPECT_THAT(get(daemon.url("/api/export")).body, HasSubstr("mem_limit"));
}

TEST_F(LivingWithCompose, without_a_daemon_a_deployment_is_carried_out_by_the_command) {
    const std::string quick = "strategy: in_place";
    const auto done = resource_manager(alone({"deploy", "grafana", "--cpu", "0.7"}, quick));
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_THAT(done.err, AllOf(HasSubstr("no daemon answers"),
                                HasSubstr("demo/grafana: 0.5 -> 0.7 CPU by in_place, succeeded after")));
    EXPECT_THAT(resource_manager(alone({"deployments", "1"}, quick)).out,
                AllOf(HasSubstr("wanted by deploy command"), HasSubstr("prepare")));
    // The next process has an engine of its own, with the old limits: taken back, nothing would change.
    const auto back = resource_manager(alone({"rollback", "grafana"}, quick));
    EXPECT_EQ(back.exit_code, 7) << back.err;
    EXPECT_THAT(back.err, HasSubstr("has 0.5 CPU, 512M already"));
    const auto unknown = resource_manager(alone({"deploy", "grafan", "--cpu", "1"}, quick));
    EXPECT_EQ(unknown.exit_code, 7);
    EXPECT_THAT(unknown.err, HasSubstr("did you mean"));
}

TEST_F(LivingWithCompose, without_a_daemon_it_can_be_asked_what_would_be_done) {
    const auto asked =
        resource_manager(alone({"deploy", "grafana", "--cpu", "0.7", "--dry-run"}, "strategy: in_place"));
    EXPECT_EQ(asked.exit_code, 0) << asked.err;
    EXPECT_THAT(asked.out, HasSubstr("0.5 CPU, 512M -> 0.7 CPU, 512M"));
    EXPECT_FALSE(std::filesystem::exists(directory.path() / "alone.db"));
}

TEST_F(LivingWithCompose, a_signal_leaves_the_deployment_for_the_next_one) {
    const std::string slow = "drain: 1h";
    std::vector<std::string> words{"timeout", "--preserve-status", "-s", "INT", "6", RM_PROGRAM};
    const auto deploy = alone({"deploy", "grafana", "--cpu", "0.7"}, slow);
    words.insert(words.end(), deploy.begin(), deploy.end());
    const auto cut = net::run(
        {.argv = words, .environment = net::current_environment(), .deadline = std::chrono::seconds(30)}, {});
    ASSERT_TRUE(cut) << cut.error().message;
    EXPECT_EQ(cut->exit_code, 1) << cut->err;
    EXPECT_THAT(cut->err, HasSubstr("deployment 1 of demo/grafana stays where it is"));
    EXPECT_THAT(resource_manager(alone({"deployments"}, slow)).out, HasSubstr("under way"));
    const auto next = resource_manager(alone({"deploy", "grafana", "--cpu", "0.8"}, "strategy: in_place"));
    // Its engine is another one, and so the one under way ends at once.
    EXPECT_EQ(next.exit_code, 0) << next.err;
    EXPECT_THAT(resource_manager(alone({"deployments"}, slow)).out,
                AllOf(HasSubstr("succeeded"), Not(HasSubstr("under way"))));
}

}  // namespace
}  // namespace rm::e2e
