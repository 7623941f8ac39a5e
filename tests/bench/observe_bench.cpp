// SPDX-License-Identifier: Apache-2.0
// What one check of N containers costs: the time to read the seven answers of a Prometheus and to make the
// readings of them (CPU time of this thread), how many requests that took, and the memory per container.
//   build/bench/tests/bench/rm_observe_bench
#include <algorithm>
#include <cstddef>
#include <ctime>
#include <map>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <malloc.h>

#include "observe/prometheus_source.h"
#include "observe/readings.h"
#include "observe/reply_reader.h"
#include "observe/samples.h"
#include "observe/target_index.h"
#include "tests/lab/http_double.h"
#include "tests/unit/observe/containers.h"

namespace {

using namespace std::chrono_literals;
using rm::lab::Answer;
using rm::observe::PrometheusSource;
using rm::observe::Target;
using rm::observe::test::id;

constexpr rm::observe::Windows windows{.window = 5min, .trend = 1h, .check_interval = 5min};

/// What the heap holds at the moment.
std::size_t in_use() {
    const auto heap = ::mallinfo2();
    return heap.uordblks + heap.hblkhd;
}

double thread_seconds() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

std::string name_of(unsigned number) {
    return fmt::format("project{}_some-service_{}", number / 10, number % 10);
}

/// As systemd's control groups and Prometheus write it.
std::string answer(unsigned containers, double now) {
    std::string text = R"({"status":"success","data":{"resultType":"vector","result":[)";
    for (unsigned i = 0; i < containers; ++i)
        text += fmt::format(
            R"({}{{"metric":{{"id":"/system.slice/docker-{}.scope","name":"{}"}},"value":[{:.3f},"{}"]}})",
            i == 0 ? "" : ",", id(i).full(), name_of(i), now, 0.012345678901234567 * i);
    return text + "]}}";
}

/// Sample times must look recent.
std::string times(unsigned containers, double now) {
    std::string text = R"({"status":"success","data":{"resultType":"vector","result":[)";
    for (unsigned i = 0; i < containers; ++i)
        text += fmt::format(R"({}{{"metric":{{"id":"/system.slice/docker-{}.scope","name":"{}"}},)"
                            R"("value":[{:.3f},"{:.3f}"]}})",
                            i == 0 ? "" : ",", id(i).full(), name_of(i), now, now - 7);
    return text + "]}}";
}

void a_check_of_prometheus(benchmark::State& state) {
    const auto containers = static_cast<unsigned>(state.range(0));
    rm::VirtualClock clock;
    const double now = std::chrono::duration<double>(clock.now().wall.time_since_epoch()).count();
    const auto peer = rm::lab::HttpDouble::start().value();
    peer->on("POST", "/api/v1/query",
             [all = Answer::text(200, answer(containers, now)),
              ages = Answer::text(200, times(containers, now))](const rm::lab::ReceivedRequest& request) {
                 return request.body.find("timestamp") == std::string::npos ? all : ages;
             });
    std::vector<Target> targets;
    for (unsigned i = 0; i < containers; ++i)
        targets.push_back(
            {.id = id(i), .name = name_of(i), .started_at = clock.now().wall - 24h, .cpu_limited = true});
    PrometheusSource source(
        {.url = rm::net::Url::parse(peer->url()).value(), .timeout = 60s, .matcher = "name!=\"\""}, clock);
    double cpu = 0;
    int requests = 0;
    for (auto _ : state) {
        const double before = thread_seconds();
        const auto seen = source.observe(targets, windows, clock.now().wall, {});
        cpu += thread_seconds() - before;
        state.SetIterationTime(thread_seconds() - before);
        requests = seen.requests;
        if (!seen.faults.empty() || !seen.usage.at(id(0)).cpu) {
            state.SkipWithError("a check failed");
            return;
        }
    }
    state.counters["cpu_ms"] = cpu * 1000 / static_cast<double>(state.iterations());
    state.counters["requests"] = requests;
}

/// Reading alone, with nothing of HTTP in it; and the memory that it takes.
void memory_of_a_check(benchmark::State& state) {
    const auto containers = static_cast<unsigned>(state.range(0));
    const std::string text = answer(containers, 1.7e9);
    std::vector<Target> targets;
    for (unsigned i = 0; i < containers; ++i)
        targets.push_back({.id = id(i), .name = name_of(i), .started_at = {}, .cpu_limited = true});
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

BENCHMARK(a_check_of_prometheus)
    ->Arg(100)
    ->Arg(1'000)
    ->Arg(10'000)
    ->UseManualTime()
    ->Iterations(10)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(memory_of_a_check)->Arg(100)->Arg(1'000)->Arg(10'000)->Iterations(3)->Unit(benchmark::kMillisecond);
BENCHMARK(memory_of_the_sampler)->Arg(1'000)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
