// SPDX-License-Identifier: Apache-2.0
// The daemon at its work, in dry-run, on real containers behind the socket proxy: what it decides about a
// small fleet, how it bears a time in which it sees nothing, and that all it shows tells the same. Once with
// a real Prometheus, once with the engine's own statistics.
#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/asking.h"
#include "tests/e2e/check_log.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/lab_shop.h"
#include "tests/e2e/lab_source.h"
#include "tests/lab/json.h"
#include "tests/lab/promtool.h"
#include "tests/lab/require.h"

namespace rm::e2e {
namespace {

namespace json = boost::json;
using lab::must;
using lab::number_at;
using lab::text_at;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// As fast as real containers and real scrapes allow.
const std::string quick =
    "prometheus: {timeout: 1s, matcher: 'job=\"containers\"'}\n"
    "docker: {timeout: 2s}\n"
    "monitoring: {check_interval: 2s, window: 4s, trend_window: 4s, sample_interval: 1s, dry_run: true}\n"
    "thresholds: {consecutive_checks: 3, min_uptime: 4s}\n"
    "adjustment: {cooldown_period: 0s, max_adjustments_per_day: 1000}\n"
    "bounds: {cpu: {min: 0.02}, memory: {min: 8M}, host_reserve: {memory: 0}}\n";

constexpr double mebibyte = 1 << 20;

const std::vector<std::string> services{"postgres-exporter", "grafana", "postgres", "scratch"};

/// The first check in which `limit` would be changed.
std::optional<SeenCheck> first_change(const Checks& checks, const std::string& name,
                                      const std::string& limit) {
    const auto found =
        std::ranges::find_if(checks, [&](const auto& check) { return check.would_change(name, limit); });
    return found == checks.end() ? std::nullopt : std::optional(*found);
}

bool all_was_decided(const Checks& checks) {
    return first_change(checks, "postgres-exporter", "cpu_cores") &&
           first_change(checks, "grafana", "cpu_cores") && first_change(checks, "grafana", "memory_bytes");
}

/// Every check that sees it makes the streak of `resource` one longer, and the third, never another one,
/// leads to a change. One that does not ends a streak towards less and leaves one towards more as it is.
void expect_a_change_at_every_third_check(const Checks& checks, const std::string& name,
                                          const std::string& resource, const std::string& limit,
                                          const std::string& wish) {
    const bool raise = wish == "raise";
    int streak = 0;
    for (const SeenCheck& check : checks) {
        if (!check.problem().empty()) continue;  // what it shows is what was before
        SCOPED_TRACE(fmt::format("{}, {}, check {}", name, resource, check.number()));
        const json::value service = check.service(name);
        const bool seen = text_at(service, "/" + resource + "/wish") == wish;
        // Throttling alone may call for more where the usage is not known.
        EXPECT_TRUE(seen || !text_at(service, "/" + resource + "/gap").empty());
        if (seen) ++streak;
        if (!seen && !raise) streak = 0;
        EXPECT_EQ(check.would_change(name, limit), streak == 3);
        if (streak == 3) streak = 0;
        EXPECT_EQ(number_at(service, "/" + resource + "/streak"), raise ? streak : -streak);
    }
}

struct Way {
    std::string name;
    std::unique_ptr<LabSource> (*source)(lab::SocketProxy& proxy);
};

class ObserveLab : public testing::TestWithParam<Way> {
protected:
    void SetUp() override {
        RM_LAB_REQUIRE(engine, compose, haproxy, prometheus);
        if (!shop()) shop() = std::make_unique<LabShop>();
        proxy_.emplace(must(lab::SocketProxy::start(shop()->engine(), {.on = {"CONTAINERS", "INFO"}})));
        source_ = GetParam().source(*proxy_);
        std::vector<std::string> arguments{"--config", directory_.file("quick.yml", quick), "--set",
                                           "docker.host=" + proxy_->host()};
        for (const std::string& setting : source_->settings())
            arguments.insert(arguments.end(), {"--set", setting});
        daemon_ = std::make_unique<DaemonProcess>(directory_.path(), arguments);
        log_ = std::make_unique<CheckLog>(daemon_->url(""));
        source_->connect(*daemon_);
    }
    void TearDown() override {
        if (!HasFailure() || !log_) return;
        for (const SeenCheck& check : log_->all()) fmt::print("  {}\n", check.print());
    }
    static void TearDownTestSuite() { shop().reset(); }

    /// What a command prints about this daemon.
    std::string ask(std::vector<std::string> words) {
        words.insert(words.end(), {"--url", daemon_->url("")});
        const auto outcome = resource_manager(words);
        EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
        return outcome.out;
    }

    /// The same of the API, as JSON.
    json::value api(const std::string& target) {
        return must(lab::parse_json(get(daemon_->url(target)).body));
    }

    void expect_the_right_verdicts(const Checks& checks);
    void expect_the_same_from_commands_and_api();
    void expect_metrics_that_agree_with_the_log();
    void expect_promtool_to_complain_of_fixed_names_alone();

    CheckLog& log() { return *log_; }
    LabSource& source() { return *source_; }

private:
    static std::unique_ptr<LabShop>& shop() {
        static std::unique_ptr<LabShop> shop;
        return shop;
    }

    TemporaryDirectory directory_;
    std::optional<lab::SocketProxy> proxy_;
    std::unique_ptr<LabSource> source_;
    std::unique_ptr<DaemonProcess> daemon_;
    std::unique_ptr<CheckLog> log_;
};

void ObserveLab::expect_the_right_verdicts(const Checks& checks) {
    const json::value busy =
        first_change(checks, "postgres-exporter", "cpu_cores").value().service("postgres-exporter");
    EXPECT_EQ(number_at(busy, "/proposal/from/cpu_cores"), 0.05);
    EXPECT_EQ(number_at(busy, "/proposal/to/cpu_cores"), 0.07);
    EXPECT_EQ(number_at(busy, "/proposal/to/memory_bytes"), 64 * mebibyte);
    EXPECT_THAT(text_at(busy, "/proposal/reason"), HasSubstr("in 3 of 3 checks"));

    const SeenCheck cpu = first_change(checks, "grafana", "cpu_cores").value();
    const SeenCheck memory = first_change(checks, "grafana", "memory_bytes").value();
    EXPECT_EQ(number_at(cpu.service("grafana"), "/proposal/to/cpu_cores"), 0.38);
    EXPECT_EQ(number_at(memory.service("grafana"), "/proposal/to/memory_bytes"), 48 * mebibyte);

    // As idle for as long, and next door to one that is busy and has its name in its own.
    const SeenCheck& third = cpu.number() > memory.number() ? cpu : memory;
    const json::value critical = third.service("postgres");
    EXPECT_EQ(text_at(critical, "/held_by"), "service_class");
    EXPECT_THAT(text_at(critical, "/summary"), HasSubstr("a critical service is never reduced"));
    EXPECT_LT(number_at(critical, "/cpu/usage_cores"), 0.02);
    EXPECT_GT(number_at(busy, "/cpu/usage_cores"), 0.03);

    EXPECT_TRUE(lab::true_at(third.service("scratch"), "/unlimited"));
    for (const SeenCheck& check : checks) {
        EXPECT_FALSE(check.would_adjust("postgres")) << "check " << check.number();
        EXPECT_FALSE(check.would_adjust("scratch")) << "check " << check.number();
    }
}

void ObserveLab::expect_the_same_from_commands_and_api() {
    const SeenCheck told(must(lab::parse_json(ask({"status", "--json"}))));
    const Checks until = log().wait(
        0, [&](const Checks& checks) { return !checks.empty() && checks.back().number() >= told.number(); });
    const auto same =
        std::ranges::find_if(until, [&](const auto& check) { return check.number() == told.number(); });
    ASSERT_NE(same, until.end());
    for (const std::string& name : services)
        EXPECT_EQ(json::serialize(told.service(name)), json::serialize(same->service(name)));
    EXPECT_THAT(ask({"status"}), AllOf(HasSubstr("postgres-exporter"), HasSubstr("dry-run")));
    EXPECT_THAT(ask({"explain", "postgres"}), HasSubstr("a critical service is never reduced"));

    const json::value full = api("/api/services/postgres");
    EXPECT_EQ(text_at(full, "/service/replicas/0/name"), "shop_postgres_1");
    EXPECT_EQ(text_at(full, "/service/class"), "critical");
    const json::value decisions = api("/api/decisions?service=postgres-exporter");
    const auto& all = lab::array_at(decisions, "/decisions");
    const auto first = std::ranges::find_if(all.rbegin(), all.rend(), [](const json::value& decision) {
        return text_at(decision, "/outcome") == "would_adjust";
    });
    ASSERT_NE(first, all.rend());
    EXPECT_EQ(text_at(*first, "/service"), "shop/postgres-exporter");
    EXPECT_EQ(number_at(*first, "/from/cpu_cores"), 0.05);
    EXPECT_EQ(number_at(*first, "/to/cpu_cores"), 0.07);
    EXPECT_THAT(ask({"decisions", "grafana"}), HasSubstr("would_adjust"));
    EXPECT_THAT(ask({"decisions", "postgres"}), Not(HasSubstr("would_adjust")));
}

/// How often a usage of this service was not known, by cause.
std::map<std::string, int> gaps_of(const Checks& checks, const std::string& name) {
    std::map<std::string, int> counts;
    for (const SeenCheck& check : checks) {
        if (!check.problem().empty()) continue;
        const json::value service = check.service(name);
        for (const std::string& gap :
             std::set<std::string>{text_at(service, "/cpu/gap"), text_at(service, "/memory/gap")})
            if (!gap.empty()) ++counts[gap];
    }
    return counts;
}

void ObserveLab::expect_metrics_that_agree_with_the_log() {
    auto series = series_of(get(daemon_->url("/metrics")).body);
    const auto number = static_cast<int>(series["resource_manager_checks_total"]);
    Checks checks = log().wait(0, [&](const Checks& all) { return all.back().number() >= number; });
    std::erase_if(checks, [&](const SeenCheck& check) { return check.number() > number; });
    const auto lost =
        std::ranges::count_if(checks, [](const auto& check) { return !check.problem().empty(); });
    EXPECT_EQ(series["resource_manager_checks_failed_total"], lost);
    for (const std::string& name : services) {
        const auto proposed =
            std::ranges::count_if(checks, [&](const auto& check) { return check.would_adjust(name); });
        EXPECT_EQ(series["resource_manager_proposals_total{service=\"" + name + "\"}"], proposed) << name;
        for (const auto& [cause, count] : gaps_of(checks, name))
            EXPECT_EQ(series[fmt::format("resource_manager_missing_data_total{{service=\"{}\",cause=\"{}\"}}",
                                         name, cause)],
                      count);
    }
}

/// The names that the first version of this program had are kept, whatever the conventions say by now.
void ObserveLab::expect_promtool_to_complain_of_fixed_names_alone() {
    const auto complaint = [](const std::string& name) {
        return "resource_manager_" + name + " counter metrics should have \"_total\" suffix";
    };
    EXPECT_THAT(must(lab::complaints_of_promtool(get(daemon_->url("/metrics")).body)),
                ElementsAre(complaint("blue_green_deployments"), complaint("failed_adjustments"),
                            complaint("rollbacks"), complaint("successful_adjustments"),
                            complaint("total_adjustments")));
}

TEST_P(ObserveLab, decides_at_the_third_check_is_held_while_it_sees_nothing_and_goes_on_by_itself) {
    const Checks decided = log().wait(0, all_was_decided);
    expect_the_right_verdicts(decided);
    expect_the_same_from_commands_and_api();

    const std::size_t before = log().all().size();
    source().cut();
    const Checks held = log().wait(before, [this](const Checks& checks) {
        return std::ranges::count_if(checks, [&](const auto& check) { return source().is_blind(check); }) >=
               2;
    });
    source().mend();
    (void)log().wait(before + held.size(), all_was_decided);

    const Checks all = log().all();
    for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].number(), i + 1) << "one was missed";
    expect_a_change_at_every_third_check(all, "postgres-exporter", "cpu", "cpu_cores", "raise");
    expect_a_change_at_every_third_check(all, "grafana", "cpu", "cpu_cores", "lower");
    expect_a_change_at_every_third_check(all, "grafana", "memory", "memory_bytes", "lower");
    expect_the_right_verdicts(all);
    expect_metrics_that_agree_with_the_log();
    expect_promtool_to_complain_of_fixed_names_alone();
}

INSTANTIATE_TEST_SUITE_P(From, ObserveLab,
                         testing::Values(Way{"prometheus",
                                             [](lab::SocketProxy&) { return from_prometheus(); }},
                                         Way{"docker", from_docker}),
                         [](const auto& way) { return way.param.name; });

}  // namespace
}  // namespace rm::e2e
