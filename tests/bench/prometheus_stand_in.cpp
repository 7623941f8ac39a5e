// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/prometheus_stand_in.h"

#include <chrono>
#include <cstddef>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "net/url.h"
#include "observe/prometheus_source.h"
#include "observe/queries.h"

namespace rm::bench {
namespace {

using observe::Signal;

constexpr std::string_view matcher = R"(name!="")";

/// The number of the `index`-th container, a little off so that it has all its digits.
std::string number(Signal signal, std::size_t index, const SteadyUse& use, double now) {
    const double off = 1 - 1e-9 * static_cast<double>(index + 1);
    switch (signal) {
        case Signal::sample_time:
            return fmt::format("{:.3f}", now - 7);
        case Signal::memory_usage:
        case Signal::memory_trend:
            return fmt::format("{:.0f}", static_cast<double>(use.memory.count()) * off);
        case Signal::cpu_usage:
        case Signal::cpu_trend:
            return fmt::format("{}", use.cpu.value() * off);
        case Signal::throttled:
            return fmt::format("{}", 0.0123456789012345 * off);
        case Signal::oom_kills:
            return "0";
    }
    return {};
}

std::string reply_to(Signal signal, const std::vector<observe::Target>& containers, const SteadyUse& use,
                     double now) {
    std::string text = R"({"status":"success","data":{"resultType":"vector","result":[)";
    std::size_t index = 0;
    for (const observe::Target& container : containers) {
        text += fmt::format(
            R"({}{{"metric":{{"id":"/system.slice/docker-{}.scope","name":"{}"}},"value":[{:.3f},"{}"]}})",
            index == 0 ? "" : ",", container.id.full(), container.name, now, number(signal, index, use, now));
        ++index;
    }
    return text + "]}}";
}

/// How the body of the request for `signal` begins.
std::string question(Signal signal, const observe::Windows& windows) {
    return net::form(
        {{"query", observe::query_for(
                       signal, config::MemoryMetric::working_set, {},
                       {.matcher = matcher, .window = windows.window, .trend_window = windows.trend})}});
}

}  // namespace

PrometheusStandIn::PrometheusStandIn(const observe::Windows& windows)
    : windows_(windows), peer_(lab::HttpDouble::start().value()) {}

void PrometheusStandIn::answer(const std::vector<observe::Target>& containers, const SteadyUse& use,
                               WallTime now) {
    const double seconds = std::chrono::duration<double>(now.time_since_epoch()).count();
    std::vector<std::pair<std::string, lab::Answer>> answers;
    for (const Signal signal : observe::signals()) {
        replies_[signal] = reply_to(signal, containers, use, seconds);
        answers.emplace_back(question(signal, windows_), lab::Answer::text(200, replies_[signal]));
    }
    peer_->on("POST", "/api/v1/query", [answers = std::move(answers)](const lab::ReceivedRequest& request) {
        for (const auto& [begin, answer] : answers)
            if (request.body.starts_with(begin)) return answer;
        return lab::Answer::text(400, "not one of our queries");
    });
}

std::unique_ptr<observe::MetricsSource> PrometheusStandIn::source(const Clock& clock) const {
    return std::make_unique<observe::PrometheusSource>(
        observe::PrometheusOptions{.url = net::Url::parse(peer_->url()).value(),
                                   .timeout = std::chrono::seconds(60),
                                   .matcher = std::string(matcher)},
        clock);
}

const std::string& PrometheusStandIn::reply(observe::Signal signal) const {
    return replies_.at(signal);
}

}  // namespace rm::bench
