// SPDX-License-Identifier: Apache-2.0
// How long the HTTP client takes to return after a stop is requested, by what it was doing, as p50, p99 and
// the worst of all calls in microseconds; and what a request on a kept connection costs.
//   build/bench/tests/bench/rm_http_client_bench
#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>

#include "net/http_client.h"
#include "tests/lab/http_double.h"
#include "tests/lab/http_wire.h"

namespace {

using rm::lab::Answer;
using rm::lab::HttpDouble;
using rm::net::HttpClient;
using rm::net::Request;
using rm::net::Url;
using std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

Request to(const std::string& where) {
    return {.url = Url::parse(where).value()};
}

void report(benchmark::State& state, std::vector<double>& times) {
    if (times.empty()) return;
    std::ranges::sort(times);
    const auto at = [&](std::size_t percent) { return times[(times.size() - 1) * percent / 100]; };
    state.counters["p50_us"] = at(50);
    state.counters["p99_us"] = at(99);
    state.counters["max_us"] = times.back();
}

/// Calls `request` again and again, stops each call a millisecond after `under_way` returned.
void cancel(benchmark::State& state, const Request& request, const std::function<void()>& under_way) {
    HttpClient client;
    std::vector<double> times;
    for (auto _ : state) {
        std::stop_source stop;
        steady_clock::time_point stopped;
        std::jthread stopper([&] {
            under_way();
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            stopped = steady_clock::now();
            stop.request_stop();
        });
        const auto response = client.stream(request, [](std::string_view) { return true; }, stop.get_token());
        const auto returned = steady_clock::now();
        stopper.join();
        if (response) {
            state.SkipWithError("the call was not cancelled");
            return;
        }
        times.push_back(Microseconds(returned - stopped).count());
        state.SetIterationTime(times.back() / 1e6);
    }
    report(state, times);
}

void cancel_answer(benchmark::State& state, const Answer& answer) {
    const auto peer = HttpDouble::start().value();
    peer->on("GET", "/", answer);
    std::size_t calls = 0;
    cancel(state, to(peer->url()), [&] { (void)peer->wait_for_requests(++calls); });
}

void cancel_while_waiting(benchmark::State& state) {
    cancel_answer(state, Answer::never());
}

void cancel_a_silent_stream(benchmark::State& state) {
    cancel_answer(state, Answer::chunked().chunk("a").hold());
}

void cancel_a_pouring_stream(benchmark::State& state) {
    cancel_answer(state, Answer::chunked().forever("400\r\n" + std::string(1024, 'x') + "\r\n"));
}

void cancel_the_tls_handshake(benchmark::State& state) {
    const auto deaf = rm::lab::listen_on({}, 4096).value();
    cancel(state, to("https://127.0.0.1:" + std::to_string(rm::lab::port_of(deaf))), [] {});
}

void cancel_while_connecting(benchmark::State& state) {
    const auto deaf = rm::lab::listen_on({}, 0).value();
    const auto first = rm::lab::connect_to(rm::lab::port_of(deaf)).value();
    cancel(state, to("http://127.0.0.1:" + std::to_string(rm::lab::port_of(deaf))), [] {});
}

void a_request_on_a_kept_connection(benchmark::State& state) {
    const auto peer = HttpDouble::start().value();
    peer->on("GET", "/", Answer::text(200, "hello"));
    HttpClient client;
    const Request request = to(peer->url());
    std::vector<double> times;
    for (auto _ : state) {
        const auto before = steady_clock::now();
        if (!client.send(request, {})) {
            state.SkipWithError("no answer");
            return;
        }
        times.push_back(Microseconds(steady_clock::now() - before).count());
    }
    report(state, times);
}

BENCHMARK(cancel_while_connecting)->UseManualTime()->Iterations(500)->Unit(benchmark::kMicrosecond);
BENCHMARK(cancel_the_tls_handshake)->UseManualTime()->Iterations(500)->Unit(benchmark::kMicrosecond);
BENCHMARK(cancel_while_waiting)->UseManualTime()->Iterations(1000)->Unit(benchmark::kMicrosecond);
BENCHMARK(cancel_a_silent_stream)->UseManualTime()->Iterations(1000)->Unit(benchmark::kMicrosecond);
BENCHMARK(cancel_a_pouring_stream)->UseManualTime()->Iterations(1000)->Unit(benchmark::kMicrosecond);
BENCHMARK(a_request_on_a_kept_connection)->Iterations(3000)->Unit(benchmark::kMicrosecond);

}  // namespace
