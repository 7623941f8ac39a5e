// SPDX-License-Identifier: Apache-2.0
// What Prometheus is asked in one check: one query for each signal, for all containers at once.
// docs/queries.md explains them. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/promql.h"
#include "config/settings.h"

namespace rm::observe {

/// In the order in which they are asked: what the rest depends on first, what costs most last.
enum class Signal { sample_time, memory_usage, cpu_usage, throttled, oom_kills, cpu_trend, memory_trend };

inline constexpr std::size_t signal_count = config::query_signals.size();

/// `cpu_usage`
std::string_view to_string(Signal signal);

/// All of them, in order.
std::vector<Signal> signals();

/// The built-in query with its placeholders.
std::string built_in_query(Signal signal, config::MemoryMetric metric);

/// Queries that users put in place of ours, by the signal's name.
using Replacements = std::map<std::string, std::string>;

/// What to ask for `signal`, ready to be sent.
std::string query_for(Signal signal, config::MemoryMetric metric, const Replacements& replacements,
                      const config::QueryParts& parts);

}  // namespace rm::observe
