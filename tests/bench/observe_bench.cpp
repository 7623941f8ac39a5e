// SPDX-License-Identifier: Apache-2.0
// What reading the seven answers of a Prometheus about N containers takes, without HTTP, in time and memory;
// and what the sampler keeps of a container. rm_check_bench measures whole checks.
//   build/bench/tests/bench/rm_observe_bench
#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <malloc.h>

#include "observe/readings.h"
#include "observe/reply_reader.h"
#include "observe/samples.h"
#include "observe/target_index.h"
#include "tests/bench/prometheus_stand_in.h"
#include "tests/unit/observe/containers.h"

namespace {

using namespace std::chrono_literals;
using rm::observe::Target;
using rm::observe::test::id;

constexpr rm::observe::Windows windows{.window = 5min, .trend = 1h, .check_interval = 5min};

/// What the heap holds at the moment.
std::size_t in_use() {
    const auto heap = ::mallinfo2();
    return heap.uordblks + heap.hblkhd;
}

std::string name_of(unsigned number) {
    return fmt::format("project{}_some-service_{}", number / 10, number % 10);
}

void reading_the_answers(benchmark::State& state) {
    const auto containers = static_cast<unsigned>(state.range(0));
    std::vector<Target> targets;
    for (unsigned i = 0; i < containers; ++i)
        targets.push_back({.id = id(i), .name = name_of(i), .started_at = {}, .cpu_limited = true});
    rm::bench::PrometheusStandIn prometheus(windows);
    prometheus.answer(targets, {.cpu = rm::Cores::from_nanos(500'000'000), .memory = rm::Bytes::mebi(256)},
                      rm::WallTime(1'700'000'000s));
    const std::string& text = prometheus.reply(rm::observe::Signal::cpu_usage);
    std::size_t most = 0;
    for (auto _ : state) {
        const std::size_t before = in_use();
        const rm::observe::TargetIndex index(targets);
        rm::observe::AllValues values(rm::observe::signal_count, rm::observe::SignalValues(targets.size()));
        for (auto& signal : values) {
            rm::observe::ReplyReader reader([&](const rm::observe::Sample& sample) {
                if (const auto match = index.find(sample))
                    signal.add(match->target, sample.value, match->by_id);
            });
            for (std::size_t at = 0; at < text.size(); at += 16384)
                (void)reader.take(std::string_view(text).substr(at, 16384));
            if (!reader.finish()) state.SkipWithError("the answer was not read");
        }
        std::map<rm::ContainerId, rm::Usage> usage;
        for (std::size_t i = 0; i < targets.size(); ++i)
            usage.emplace(targets[i].id, rm::observe::usage_of(values, i, targets[i], windows,
                                                               {.evaluated_at = 1.7e9, .limit = 10min}, {}));
        most = std::max(most, in_use() - before);  // with everything still there
    }
    state.counters["bytes_per_container"] = static_cast<double>(most) / containers;
}

/// What the sampler keeps of each container once its windows are full.
void memory_of_the_sampler(benchmark::State& state) {
    const auto containers = static_cast<unsigned>(state.range(0));
    double per_container = 0;
    for (auto _ : state) {
        rm::VirtualClock clock;
        rm::observe::test::FakeEngine engine;
        for (unsigned i = 0; i < containers; ++i) engine.add(i, name_of(i));
        const std::size_t before = in_use();
        rm::observe::Samples samples(engine, clock,
                                     {.reach = {.window = 5min, .trend = 1h}, .interval = 15s});
        for (int round = 0; round < 300; ++round) {
            clock.advance(15s);
            for (auto& [id, fake] : engine.containers) fake.stats.read_at = clock.now().wall;
            samples.take({});
        }
        per_container = static_cast<double>(in_use() - before) / containers;
    }
    state.counters["bytes_per_container"] = per_container;
}

BENCHMARK(reading_the_answers)
    ->Arg(100)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(memory_of_the_sampler)->Arg(1'000)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
