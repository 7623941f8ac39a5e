// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "docker/json.h"
#include "docker/read.h"
#include "docker/timestamp.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

Status read_cpu(const json::object& document, Stats& stats) {
    const auto cpu = object_at(document, "cpu_stats");
    if (!cpu) return fail(cpu.error());
    const auto usage = object_at(**cpu, "cpu_usage");
    if (!usage) return fail(usage.error());
    const auto total = count_at(**usage, "total_usage");
    if (!total) return fail(total.error());
    const auto throttling = object_at(**cpu, "throttling_data");
    if (!throttling) return fail(throttling.error());
    const auto periods = count_at(**throttling, "periods");
    if (!periods) return fail(periods.error());
    const auto throttled = count_at(**throttling, "throttled_periods");
    if (!throttled) return fail(throttled.error());
    const auto time = count_at(**throttling, "throttled_time");
    if (!time) return fail(time.error());
    stats.cpu_total = std::chrono::nanoseconds(*total);
    stats.cpu_periods = *periods;
    stats.cpu_throttled_periods = *throttled;
    stats.cpu_throttled_time = std::chrono::nanoseconds(*time);
    return {};
}

/// The file cache that the kernel would give up first: under cgroup v1 with that of the groups below.
Result<std::optional<std::int64_t>> read_inactive_file(const json::object& memory) {
    const auto details = object_at(memory, "stats");
    if (!details) return fail(details.error());
    auto version_1 = integer_at(**details, "total_inactive_file");
    if (!version_1) return fail(version_1.error());
    if (*version_1) return version_1;
    return integer_at(**details, "inactive_file");
}

Status read_memory(const json::object& document, Stats& stats) {
    const auto memory = object_at(document, "memory_stats");
    if (!memory) return fail(memory.error());
    const auto usage = integer_at(**memory, "usage");
    if (!usage) return fail(usage.error());
    const auto limit = integer_at(**memory, "limit");
    if (!limit) return fail(limit.error());
    const auto inactive = read_inactive_file(**memory);
    if (!inactive) return fail(inactive.error());
    if (usage->value_or(0) < 0 || limit->value_or(0) < 0 || inactive->value_or(0) < 0)
        return fail(ErrorCode::protocol, "memory_stats has a negative amount");
    if (*usage) stats.memory_usage = Bytes(**usage);
    if (limit->value_or(0) > 0) stats.memory_limit = Bytes(**limit);
    if (*usage && *inactive)
        stats.memory_working_set = Bytes(std::max<std::int64_t>(0, **usage - **inactive));
    return {};
}

Status read_pids(const json::object& document, Stats& stats) {
    const auto pids = object_at(document, "pids_stats");
    if (!pids) return fail(pids.error());
    const auto current = integer_at(**pids, "current");
    if (!current) return fail(current.error());
    if (current->value_or(0) < 0) return fail(ErrorCode::protocol, "pids_stats has a negative count");
    stats.pids = *current;
    return {};
}

}  // namespace

Result<Stats> read_stats(std::string_view body) {
    const auto value = parse_json(body, longest_answer);
    if (!value) return fail(value.error());
    const auto document = object_of(*value, "the sample");
    if (!document) return fail(document.error());
    const auto read_text = text_at(**document, "read");
    if (!read_text) return fail(read_text.error());
    const auto read_at = parse_timestamp(*read_text);
    if (!read_at) return fail(read_at.error().with_prefix("read"));
    Stats stats;
    stats.read_at = read_at->value_or(WallTime());
    if (const auto done = read_cpu(**document, stats); !done) return fail(done.error());
    if (const auto done = read_memory(**document, stats); !done) return fail(done.error());
    if (const auto done = read_pids(**document, stats); !done) return fail(done.error());
    return stats;
}

}  // namespace rm::docker
