// SPDX-License-Identifier: Apache-2.0
// What users may write of PromQL: matchers of labels, and queries with placeholders that stand in for one of
// ours. Only the placeholders and their places are checked here; Prometheus judges the rest. Pure.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "config/kind.h"
#include "core/duration.h"

namespace rm::config {

/// What is asked of Prometheus, one query each.
inline constexpr std::array<std::string_view, 7> query_signals{
    "sample_time", "memory_usage", "cpu_usage", "throttled", "oom_kills", "cpu_trend", "memory_trend"};

/// What the placeholders stand for.
struct QueryParts {
    std::string_view matcher = {};  // `name!=""`
    Duration window{};
    Duration trend_window{};
};

/// Why `query` can't be used: each `$matcher` must be an item of its own inside the braces of a selector, and
/// there must be one; `$window` and `$trend_window` stand outside of braces; other placeholders do not exist.
/// What stands in strings and comments is left alone.
struct QueryFault {
    std::string says = {};
    std::string meant = {};  // the placeholder that was probably meant
};
std::optional<QueryFault> fault_of_query(std::string_view query);

/// `query`, in which nothing is at fault, with its placeholders filled in.
std::string filled_in(std::string_view query, const QueryParts& parts);

/// Whether `text` is a list of label matchers as between the braces of a selector: `job="a",name!~"b.*"`.
bool is_matchers(std::string_view text);

/// Queries by signal.
Kind<std::map<std::string, std::string>> queries();
Kind<std::string> matchers();

}  // namespace rm::config
