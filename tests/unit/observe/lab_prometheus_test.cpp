// SPDX-License-Identifier: Apache-2.0
// The real Prometheus scrapes our own export, and answers every built-in query with what went in.
#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "observe/exposition.h"
#include "observe/prometheus_source.h"
#include "tests/lab/http_double.h"
#include "tests/lab/prometheus.h"
#include "tests/lab/require.h"
#include "tests/unit/observe/containers.h"

namespace rm::observe {
namespace {

using namespace std::chrono_literals;
using lab::must;
using test::id;

constexpr Windows scraped_windows{.window = 6s, .trend = 9s, .check_interval = 4s};

/// A container that uses so much CPU without a pause, a quarter of its periods throttled.
LatestSample sample(unsigned number, std::string name, double cores, Bytes memory, WallTime start,
                    WallTime now) {
    const auto ran = std::chrono::duration<double>(now - start).count();
    LatestSample sample{.id = id(number),
                        .name = std::move(name),
                        .image = "postgres:15",
                        .project = "shop",
                        .service = "db",
                        .stats = {},
                        .at = now,
                        .oom_kills = number};
    sample.stats.cpu_total = std::chrono::nanoseconds(static_cast<std::int64_t>(cores * ran * 1e9));
    sample.stats.cpu_periods = static_cast<std::int64_t>(1000 * ran);
    sample.stats.cpu_throttled_periods = static_cast<std::int64_t>(250 * ran);
    sample.stats.memory_working_set = memory;
    sample.stats.memory_usage = Bytes(2 * memory.count());
    sample.limits = Limits{.cpu = Cores::whole(1), .memory = std::nullopt};
    return sample;
}

class LabPrometheusTest : public testing::Test {
protected:
    void SetUp() override {
        RM_LAB_REQUIRE(prometheus);
        peer_ = must(lab::HttpDouble::start());
        const WallTime start = clock_.now().wall;
        peer_->on("GET", "/metrics", [this, start](const lab::ReceivedRequest&) {
            const WallTime now = clock_.now().wall;
            std::vector all{sample(1, "postgres", 0.5, Bytes::mebi(100), start, now),
                            sample(2, "postgres-exporter", 0.125, Bytes::mebi(20), start, now),
                            sample(99, "postgres", 3, Bytes::mebi(900), start, now)};  // of another host
            if (exporter_gone_) all.erase(all.begin() + 1);
            return lab::Answer::text(200, exposition(all))
                .header("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        });
        const std::string target = peer_->url().substr(std::string("http://").size());
        prometheus_.emplace(must(lab::Prometheus::start({.scrapes = lab::scrape("containers", {target})})));
        source_ = std::make_unique<PrometheusSource>(
            PrometheusOptions{.url = net::Url::parse(prometheus_->url()).value(),
                              .timeout = 1s,
                              .matcher = "job=\"containers\""},
            clock_);
    }

    Observation observe() { return source_->observe(targets_, scraped_windows, clock_.now().wall, {}); }

    /// Observes until `good`, for up to half a minute.
    template <class Good>
    Observation observe_until(Good good) {
        Observation seen = observe();
        for (int i = 0; i < 60 && !good(seen); ++i) {
            std::this_thread::sleep_for(500ms);
            seen = observe();
        }
        return seen;
    }
    Observation observe_all() {
        return observe_until([](const Observation& seen) {
            const Usage& usage = seen.usage.at(id(1));
            return usage.cpu && usage.cpu_trend && usage.throttled && usage.memory_trend;
        });
    }

    SystemClock clock_;
    std::atomic<bool> exporter_gone_ = false;
    std::unique_ptr<lab::HttpDouble> peer_;
    std::optional<lab::Prometheus> prometheus_;
    std::unique_ptr<PrometheusSource> source_;
    std::vector<Target> targets_{
        {.id = id(1), .name = "postgres", .started_at = clock_.now().wall - 1h, .cpu_limited = true},
        {.id = id(2),
         .name = "postgres-exporter",
         .started_at = clock_.now().wall - 1h,
         .cpu_limited = true}};
};

TEST_F(LabPrometheusTest, answers_every_query_with_what_was_exported) {
    std::this_thread::sleep_for(9s);  // a trend's worth of samples
    const Observation seen = observe_all();
    for (const Fault& fault : seen.faults) ADD_FAILURE() << fault.what << ": " << fault.message;
    const Usage& postgres = seen.usage.at(id(1));
    ASSERT_TRUE(postgres.cpu && postgres.cpu_trend && postgres.throttled);
    EXPECT_NEAR(postgres.cpu->value(), 0.5, 0.02);
    EXPECT_NEAR(postgres.cpu_trend->value(), 0.5, 0.05);
    EXPECT_EQ(postgres.memory, Bytes::mebi(100));
    EXPECT_EQ(postgres.memory_trend, Bytes::mebi(100));
    EXPECT_NEAR(postgres.throttled->value(), 0.25, 0.02);
    EXPECT_EQ(postgres.oom_kills, 1);
    const Usage& exporter = seen.usage.at(id(2));
    EXPECT_NEAR(exporter.cpu.value().value(), 0.125, 0.02);
    EXPECT_EQ(exporter.memory, Bytes::mebi(20));
    EXPECT_EQ(exporter.oom_kills, 2);
}

TEST_F(LabPrometheusTest, shows_a_container_that_is_not_exported_any_more_as_stale) {
    (void)observe_all();
    exporter_gone_ = true;
    const Observation seen = observe_until([](const Observation& now) {
        return !now.usage.at(id(2)).oom_kills && now.usage.at(id(1)).oom_kills;
    });
    EXPECT_EQ(to_string(seen.usage.at(id(2)).oom_kills.error()), to_string(Gap::stale));
    EXPECT_EQ(seen.usage.at(id(1)).oom_kills, 1);
}

TEST_F(LabPrometheusTest, that_hangs_is_a_timeout_that_runs_again_has_values_and_that_ended_is_unavailable) {
    EXPECT_TRUE(observe_all().usage.at(id(1)).cpu);
    must(prometheus_->process().signal(SIGSTOP));
    const auto hangs = observe().usage.at(id(1)).cpu;
    ASSERT_FALSE(hangs);
    EXPECT_EQ(to_string(hangs.error()), to_string(Gap::timeout));
    must(prometheus_->process().signal(SIGCONT));
    EXPECT_TRUE(observe_all().usage.at(id(1)).cpu);
    prometheus_->process().stop();
    const Observation seen = observe();
    EXPECT_EQ(to_string(seen.usage.at(id(1)).cpu.error()), to_string(Gap::unavailable));
    EXPECT_EQ(seen.requests, 7);
}

}  // namespace
}  // namespace rm::observe
