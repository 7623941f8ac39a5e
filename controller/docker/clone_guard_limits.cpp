// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "docker/clone_guard_parts.h"

namespace rm::docker::guard {
namespace {

namespace json = boost::json;

constexpr std::int64_t usual_period = 100'000;

bool uses_quota(const json::object& host) {
    return number_in(host, "CpuQuota") != 0 || number_in(host, "CpuPeriod") != 0;
}

/// The quota is rounded to whole microseconds.
bool quota_is(const json::object& green, Cores wanted) {
    constexpr double rounding = 0.5 + 1e-3;
    const std::int64_t given = number_in(green, "CpuPeriod");
    const auto period = static_cast<double>(given == 0 ? usual_period : given);
    return std::abs(static_cast<double>(number_in(green, "CpuQuota")) - wanted.value() * period) <= rounding;
}

bool cpu_agrees(const json::object& blue, const json::object& green, const std::optional<Cores>& wanted) {
    if (!uses_quota(blue))
        return !uses_quota(green) && number_in(green, "NanoCpus") == wanted.value_or(Cores()).nanos();
    const bool same_period = number_in(green, "CpuPeriod") == number_in(blue, "CpuPeriod");
    if (number_in(green, "NanoCpus") != 0) return false;
    if (!wanted)
        return number_in(green, "CpuQuota") == std::min<std::int64_t>(number_in(blue, "CpuQuota"), 0) &&
               same_period;
    return quota_is(green, *wanted) && (same_period || number_in(green, "CpuPeriod") == usual_period);
}

bool swap_agrees(const json::object& blue, const json::object& green) {
    const std::int64_t before = number_in(blue, "Memory");
    const std::int64_t after = number_in(green, "Memory");
    const std::int64_t swap_before = number_in(blue, "MemorySwap");
    const std::int64_t swap_after = number_in(green, "MemorySwap");
    if (swap_before <= 0) return swap_after == swap_before;
    if (after == 0) return swap_after == 0;
    const std::int64_t extra = swap_before - before;
    return swap_after - after == (extra == before ? after : extra);
}

bool reservation_agrees(const json::object& blue, const json::object& green) {
    const std::int64_t before = number_in(blue, "MemoryReservation");
    const std::int64_t memory = number_in(green, "Memory");
    return number_in(green, "MemoryReservation") == (memory == 0 ? before : std::min(before, memory));
}

}  // namespace

Status check_limits(const Case& with, const json::object& green) {
    const json::object& blue = object_in(with.document, "HostConfig");
    if (!cpu_agrees(blue, green, with.wanted.limits.cpu)) return refuse("the CPU limit");
    if (number_in(green, "Memory") != with.wanted.limits.memory.value_or(Bytes()).count())
        return refuse("HostConfig.Memory");
    if (!swap_agrees(blue, green)) return refuse("HostConfig.MemorySwap");
    if (!reservation_agrees(blue, green)) return refuse("HostConfig.MemoryReservation");
    return {};
}

}  // namespace rm::docker::guard
