// SPDX-License-Identifier: Apache-2.0
// What running a program costs us: starting one, reading its output, ending it.
#include <chrono>
#include <stop_token>
#include <string>
#include <thread>

#include <benchmark/benchmark.h>

#include "net/subprocess.h"

namespace {

rm::net::Command command(std::vector<std::string> argv) {
    rm::net::Command command;
    command.argv = std::move(argv);
    return command;
}

void start_and_end(benchmark::State& state) {
    const auto wanted = command({"/bin/true"});
    while (state.KeepRunning()) {
        if (!rm::net::run(wanted, {})) state.SkipWithError("not run");
    }
}
BENCHMARK(start_and_end)->Unit(benchmark::kMillisecond)->UseRealTime();

void read_output(benchmark::State& state) {
    const auto size = std::int64_t{256} << 20;
    const auto wanted = command({"/usr/bin/head", "-c", std::to_string(size), "/dev/zero"});
    while (state.KeepRunning()) {
        if (!rm::net::run(wanted, {})) state.SkipWithError("not run");
    }
    state.SetBytesProcessed(state.iterations() * size);
}
BENCHMARK(read_output)->Unit(benchmark::kMillisecond)->UseRealTime();

/// From the request to stop until `run` has returned.
void cancel(benchmark::State& state) {
    using Steady = std::chrono::steady_clock;
    while (state.KeepRunning()) {
        std::stop_source stop;
        Steady::time_point requested;
        auto wanted = command({"/bin/sh", "-c", "echo ready; exec sleep 60"});
        std::jthread other;
        wanted.on_line = [&](rm::net::Stream, std::string_view) {
            other = std::jthread([&] {
                std::this_thread::sleep_for(std::chrono::milliseconds(2));  // until the program sleeps
                requested = Steady::now();
                stop.request_stop();
            });
        };
        const auto outcome = rm::net::run(wanted, stop.get_token());
        const auto returned = Steady::now();
        other = {};
        if (!outcome || !outcome->cancelled) state.SkipWithError("not cancelled");
        state.SetIterationTime(std::chrono::duration<double>(returned - requested).count());
    }
}
BENCHMARK(cancel)->Unit(benchmark::kMillisecond)->UseManualTime();

}  // namespace
