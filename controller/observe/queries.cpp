// SPDX-License-Identifier: Apache-2.0
#include "observe/queries.h"

#include <cstddef>

#include <fmt/format.h>

namespace rm::observe {
namespace {

constexpr std::string_view cpu_metric = "container_cpu_usage_seconds_total{$matcher}";
constexpr std::string_view periods_metric = "container_cpu_cfs_periods_total{$matcher}";
constexpr std::string_view throttled_metric = "container_cpu_cfs_throttled_periods_total{$matcher}";
constexpr std::string_view oom_metric = "container_oom_events_total{$matcher}";
constexpr std::string_view over_window = "$window";
constexpr std::string_view over_trend = "$trend_window";

std::string_view memory_metric(config::MemoryMetric metric) {
    return metric == config::MemoryMetric::working_set ? "container_memory_working_set_bytes{$matcher}"
                                                       : "container_memory_usage_bytes{$matcher}";
}

std::string greatest(std::string_view inner) {
    return fmt::format("max by (id, name) ({})", inner);
}

/// Only for containers that were scraped when the time to look back over began: of a part of it, rate() would
/// make too little.
std::string where_known(std::string_view value, std::string_view metric, std::string_view reach) {
    return fmt::format("{} and {}", value,
                       greatest(fmt::format("count_over_time({}[2m] offset {})", metric, reach)));
}

/// Some versions of cAdvisor have one CPU series for each container, others one for each of the host's CPUs:
/// they are summed within the job and instance that scraped them, and where two of those saw the same
/// container, the larger counts, so that nothing is counted twice.
std::string cpu_query(std::string_view reach) {
    const std::string sum = fmt::format("sum by (id, name, job, instance) (rate({}[{}]))", cpu_metric, reach);
    return where_known(greatest(sum), cpu_metric, reach);
}

std::string memory_query(std::string_view over_time, std::string_view metric, std::string_view reach) {
    return where_known(greatest(fmt::format("{}({}[{}])", over_time, metric, reach)), metric, reach);
}

/// A container that did nothing has no periods at all; it was not throttled, and 0 / 0 would not say so.
std::string throttled_query() {
    const std::string share = fmt::format("rate({0}[{2}]) / clamp_min(rate({1}[{2}]), 1e-9)",
                                          throttled_metric, periods_metric, over_window);
    return where_known(greatest(share), periods_metric, over_window);
}

}  // namespace

std::string_view to_string(Signal signal) {
    return config::query_signals.at(static_cast<std::size_t>(signal));
}

std::vector<Signal> signals() {
    return {Signal::sample_time, Signal::memory_usage, Signal::cpu_usage,   Signal::throttled,
            Signal::oom_kills,   Signal::cpu_trend,    Signal::memory_trend};
}

std::string built_in_query(Signal signal, config::MemoryMetric metric) {
    const std::string_view memory = memory_metric(metric);
    switch (signal) {
        case Signal::sample_time:
            return greatest(fmt::format("timestamp({})", memory));
        case Signal::memory_usage:
            return memory_query("max_over_time", memory, over_window);
        case Signal::cpu_usage:
            return cpu_query(over_window);
        case Signal::throttled:
            return throttled_query();
        case Signal::oom_kills:
            return greatest(oom_metric);
        case Signal::cpu_trend:
            return cpu_query(over_trend);
        case Signal::memory_trend:
            return memory_query("avg_over_time", memory, over_trend);
    }
    return {};
}

std::string query_for(Signal signal, config::MemoryMetric metric, const Replacements& replacements,
                      const config::QueryParts& parts) {
    const auto replaced = replacements.find(std::string(to_string(signal)));
    return config::filled_in(
        replaced == replacements.end() ? built_in_query(signal, metric) : replaced->second, parts);
}

}  // namespace rm::observe
