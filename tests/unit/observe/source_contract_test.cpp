// SPDX-License-Identifier: Apache-2.0
// One scripted life of a container, told to every source in its own way: all must read the same out of it.
#include <algorithm>
#include <functional>
#include <memory>

#include <gtest/gtest.h>

#include "docker/simulated_engine.h"
#include "observe/docker_source.h"
#include "observe/prometheus_source.h"
#include "tests/unit/observe/containers.h"
#include "tests/unit/observe/fake_prometheus.h"

namespace rm::observe {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;
using test::id;

constexpr seconds step = 15s;
constexpr Windows windows{.window = 5min, .trend = 1h, .check_interval = 5min};

/// What the container does from some second of the script on.
struct Phase {
    seconds from;
    double cores;
    std::int64_t mebibytes;
    double throttled = 0;  // share of its periods
};

/// The life of a container: time starts at 0, when it was started.
struct Script {
    std::vector<Phase> phases;
    std::vector<seconds> restarts = {};  // of the same container: counters begin again
    std::vector<seconds> ooms = {};
    seconds vanishes_at{1'000'000};  // from every exporter

    [[nodiscard]] const Phase& at(seconds time) const {
        const Phase* now = &phases.front();
        for (const Phase& phase : phases)
            if (phase.from <= time) now = &phase;
        return *now;
    }
    [[nodiscard]] seconds started_at(seconds time) const {
        seconds start{0};
        for (const seconds restart : restarts)
            if (restart <= time) start = restart;
        return start;
    }
    /// The sum of `value` over every second of (from, to].
    [[nodiscard]] double sum(seconds from, seconds to, double (*value)(const Phase&)) const {
        double total = 0;
        for (seconds time = from; time < to; ++time) total += value(at(time));
        return total;
    }
    [[nodiscard]] std::int64_t ooms_until(seconds time) const {
        return std::ranges::count_if(ooms, [&](seconds oom) { return oom <= time; });
    }
};

double cores_of(const Phase& phase) {
    return phase.cores;
}
double memory_of(const Phase& phase) {
    return static_cast<double>(phase.mebibytes) * 1048576.0;
}
double throttled_of(const Phase& phase) {
    return phase.throttled;
}

/// Plays a script to a source and reads the usage at a moment of it.
class Stage {
public:
    Stage() = default;
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;
    Stage(Stage&&) = delete;
    Stage& operator=(Stage&&) = delete;
    virtual ~Stage() = default;
    virtual Usage usage_at(const Script& script, seconds time, bool limited) = 0;

protected:
    static std::vector<Target> targets(const Script& script, seconds time, WallTime zero, bool limited,
                                       const ContainerId& web = id(1)) {
        return {
            {.id = web, .name = "web", .started_at = zero + script.started_at(time), .cpu_limited = limited}};
    }
};

/// Answers as Prometheus would, had it scraped the script.
class PrometheusStage final : public Stage {
public:
    Usage usage_at(const Script& script, seconds time, bool limited) override {
        VirtualClock clock;
        const WallTime zero = clock.now().wall;
        clock.advance(time);
        tell(script, time, std::chrono::duration<double>(clock.now().wall.time_since_epoch()).count());
        PrometheusSource source(fake_.options(), clock);
        const auto wanted = targets(script, time, zero, limited);
        return source.observe(wanted, windows, clock.now().wall, {}).usage.at(id(1));
    }

private:
    void tell(const Script& script, seconds time, double now) {
        const seconds seen = std::min(time, script.vanishes_at);
        const auto answer = [&](Signal signal, seconds reach, double value) {
            // A range without samples has no answer; an instant looks back five minutes.
            const bool there = time - seen < reach;
            using Items = std::vector<std::string>;
            fake_.answer(signal, there ? Items{test::item(test::metric(id(1)), now, fmt::format("{}", value))}
                                       : Items{});
        };
        const auto average = [&](seconds reach, double (*value)(const Phase&)) {
            const seconds from = std::max(0s, time - reach);
            return from < seen ? script.sum(from, seen, value) / static_cast<double>((seen - from).count())
                               : 0;
        };
        double peak = 0;
        for (seconds at = std::max(0s, time - 5min); at <= seen; ++at)
            peak = std::max(peak, memory_of(script.at(at)));
        answer(Signal::sample_time, 5min, now - static_cast<double>((time - seen).count()));
        answer(Signal::memory_usage, 5min, peak);
        answer(Signal::cpu_usage, 5min, average(5min, cores_of));
        answer(Signal::throttled, 5min, average(5min, throttled_of));
        answer(Signal::oom_kills, 5min, static_cast<double>(script.ooms_until(seen)));
        answer(Signal::cpu_trend, 1h, average(1h, cores_of));
        answer(Signal::memory_trend, 1h, average(1h, memory_of));
    }

    test::FakePrometheus fake_;
};

/// Lives the script through on an engine, sample by sample.
class EngineStage final : public Stage {
public:
    Usage usage_at(const Script& script, seconds time, bool limited) override {
        VirtualClock clock;
        const WallTime zero = clock.now().wall;
        test::FakeEngine engine;
        engine.add(1, "web");
        for (const seconds oom : script.ooms)
            engine.told.push_back({.at = zero + oom,
                                   .type = "container",
                                   .action = "oom",
                                   .actor = id(1).full(),
                                   .attributes = {}});
        Samples samples(engine, clock, {.reach = {.window = 5min, .trend = 1h}, .interval = step});
        for (seconds now = step; now <= time; now += step) {
            clock.advance(step);
            if (now >= script.vanishes_at)
                engine.containers.clear();
            else
                engine.containers.at(id(1)).stats = stats(script, now, zero);
            samples.take({});
        }
        DockerSource source(samples);
        const auto wanted = targets(script, time, zero, limited);
        return source.observe(wanted, windows, clock.now().wall, {}).usage.at(id(1));
    }

private:
    static docker::Stats stats(const Script& script, seconds now, WallTime zero) {
        const seconds start = script.started_at(now);
        const auto periods = [&](double (*value)(const Phase&)) {
            return static_cast<std::int64_t>(script.sum(start, now, value) * 10);
        };
        docker::Stats stats;
        stats.read_at = zero + now;
        stats.cpu_total =
            std::chrono::nanoseconds(static_cast<std::int64_t>(script.sum(start, now, cores_of) * 1e9));
        stats.cpu_periods = (now - start).count() * 10;
        stats.cpu_throttled_periods = periods(throttled_of);
        stats.memory_working_set = Bytes(static_cast<std::int64_t>(memory_of(script.at(now))));
        return stats;
    }
};

/// Lives it through on the simulated engine, as `run --simulate` does with its fleet.
class SimulationStage final : public Stage {
public:
    Usage usage_at(const Script& script, seconds time, bool limited) override {
        VirtualClock clock;
        const WallTime zero = clock.now().wall;
        docker::SimulatedEngine engine(clock);
        const auto load = [&script, zero, limited](WallTime at, Duration) {
            return demand(script, std::chrono::duration_cast<seconds>(at - zero), limited);
        };
        const ContainerId web =
            engine.run({.name = "web", .program = {.load = load}, .limits = limits(script, limited)}).value();
        Samples samples(engine, clock, {.reach = {.window = 5min, .trend = 1h}, .interval = step});
        for (seconds now = 1s; now <= time; ++now) {
            clock.advance(1s);
            happen(script, now, web, engine);
            if (now % step == 0s) samples.take({});
        }
        DockerSource source(samples);
        const auto wanted = targets(script, time, zero, limited, web);
        return source.observe(wanted, windows, clock.now().wall, {}).usage.at(web);
    }

private:
    /// What is used while throttled is the limit; the share of it is made of whole seconds.
    static Limits limits(const Script& script, bool limited) {
        const Phase& busiest = *std::ranges::max_element(script.phases, {}, &Phase::throttled);
        if (!limited) return {};
        return {.cpu = Cores::from_nanos(static_cast<std::int64_t>(busiest.cores * 1e9)), .memory = {}};
    }
    static docker::Demand demand(const Script& script, seconds time, bool limited) {
        const Phase& phase = script.at(time);
        const bool held_back = limited && static_cast<double>(time.count() % 10) < 10 * phase.throttled;
        const double cores = held_back ? 2 * phase.cores : phase.cores;
        return {.cpu = Cores::from_nanos(static_cast<std::int64_t>(cores * 1e9)),
                .memory = Bytes::mebi(phase.mebibytes),
                .file_cache = Bytes::mebi(1)};
    }
    static void happen(const Script& script, seconds now, const ContainerId& web,
                       docker::SimulatedEngine& engine) {
        if (std::ranges::count(script.restarts, now) > 0) {
            EXPECT_TRUE(engine.stop(web) && engine.start(web, {}));
        }
        if (std::ranges::count(script.ooms, now) > 0) {
            EXPECT_TRUE(engine.run_out_of_memory(web));
        }
        if (now == script.vanishes_at) {
            EXPECT_TRUE(engine.wipe(web));
        }
    }
};

using MakeStage = std::function<std::unique_ptr<Stage>()>;

struct Source {
    std::string name;
    MakeStage make;
};

class SourceContract : public testing::TestWithParam<Source> {
protected:
    std::unique_ptr<Stage> stage_ = GetParam().make();

    Usage at(seconds time, bool limited = true) { return stage_->usage_at(script_, time, limited); }

    Script script_{.phases = {{.from = 0s, .cores = 0.2, .mebibytes = 100},
                              {.from = 70min, .cores = 1.5, .mebibytes = 400, .throttled = 0.4},
                              {.from = 80min, .cores = 0.02, .mebibytes = 80}}};
};

double mebibytes(const Reading<Bytes>& bytes) {
    return bytes ? static_cast<double>(bytes->count()) / 1048576.0 : -1;
}
double cores(const Reading<Cores>& cores) {
    return cores ? cores->value() : -1;
}

TEST_P(SourceContract, reads_a_load) {
    const Usage usage = at(78min);
    EXPECT_NEAR(cores(usage.cpu), 1.5, 0.05);
    EXPECT_NEAR(mebibytes(usage.memory), 400, 1);
    ASSERT_TRUE(usage.throttled);
    EXPECT_NEAR(usage.throttled->value(), 0.4, 0.02);
    EXPECT_EQ(usage.oom_kills, 0);
    EXPECT_NEAR(cores(usage.cpu_trend), (52 * 0.2 + 8 * 1.5) / 60, 0.04);
    EXPECT_NEAR(mebibytes(usage.memory_trend), (52 * 100 + 8 * 400) / 60.0, 10);
}

TEST_P(SourceContract, reads_idleness_after_the_load_has_left_the_window) {
    const Usage usage = at(86min);
    EXPECT_NEAR(cores(usage.cpu), 0.02, 0.005);
    EXPECT_NEAR(mebibytes(usage.memory), 80, 1);
    EXPECT_NEAR(usage.throttled.value().value(), 0, 0.001);
}

TEST_P(SourceContract, keeps_the_peak_of_memory_while_the_window_has_it) {
    EXPECT_NEAR(mebibytes(at(83min).memory), 400, 1);
}

TEST_P(SourceContract, waits_for_a_new_container) {
    const Usage usage = at(4min);
    EXPECT_EQ(usage.cpu.error(), Gap::warming_up);
    EXPECT_EQ(usage.memory.error(), Gap::warming_up);
    EXPECT_EQ(usage.throttled.error(), Gap::warming_up);
    EXPECT_EQ(usage.oom_kills, 0);
    EXPECT_TRUE(at(6min).cpu);
    EXPECT_EQ(at(50min).cpu_trend.error(), Gap::warming_up);
    EXPECT_EQ(at(50min).memory_trend.error(), Gap::warming_up);
}

TEST_P(SourceContract, waits_after_a_restart_and_is_not_confused_by_it) {
    script_.restarts = {30min};
    EXPECT_EQ(at(32min).cpu.error(), Gap::warming_up);
    EXPECT_NEAR(cores(at(36min).cpu), 0.2, 0.01);
    EXPECT_EQ(at(75min).cpu_trend.error(), Gap::warming_up);
}

TEST_P(SourceContract, counts_lack_of_memory_at_once) {
    script_.ooms = {20min + 5s, 20min + 40s, 40min};
    const auto before = at(19min).oom_kills;
    const auto after = at(21min).oom_kills;
    ASSERT_TRUE(before && after);
    EXPECT_EQ(*after - *before, 2);
    EXPECT_EQ(*at(41min).oom_kills - *before, 3);
}

TEST_P(SourceContract, has_gaps_for_a_container_that_nobody_sees_any_more) {
    script_.vanishes_at = 75min;
    const Usage usage = at(90min);
    for (const auto gap :
         {usage.cpu.error(), usage.memory.error(), usage.throttled.error(), usage.oom_kills.error()})
        EXPECT_EQ(to_string(gap), "absent");
    EXPECT_FALSE(usage.cpu_trend);
    EXPECT_FALSE(usage.memory_trend);
}

TEST_P(SourceContract, calls_throttling_not_applicable_without_a_limit) {
    EXPECT_EQ(at(78min, false).throttled.error(), Gap::not_applicable);
}

INSTANTIATE_TEST_SUITE_P(
    Of, SourceContract,
    testing::Values(Source{"prometheus", [] { return std::make_unique<PrometheusStage>(); }},
                    Source{"docker", [] { return std::make_unique<EngineStage>(); }},
                    Source{"simulation", [] { return std::make_unique<SimulationStage>(); }}),
    [](const auto& source) { return source.param.name; });

}  // namespace
}  // namespace rm::observe
