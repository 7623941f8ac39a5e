// SPDX-License-Identifier: Apache-2.0
// Stats: one sample of the engine's statistics of a container. The counters grow from the container's start.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/bytes.h"
#include "core/clock.h"

namespace rm::docker {

struct Stats {
    WallTime read_at;  // 1970 for a container that does not run
    std::chrono::nanoseconds cpu_total{0};
    std::int64_t cpu_periods = 0;  // of the CPU quota; 0 without one
    std::int64_t cpu_throttled_periods = 0;
    std::chrono::nanoseconds cpu_throttled_time{0};
    std::optional<Bytes> memory_usage;        // with page cache; nothing for a container that does not run
    std::optional<Bytes> memory_working_set;  // without what the kernel can reclaim at once
    std::optional<Bytes> memory_limit;        // the kernel's; the host's memory when unlimited
    std::optional<std::int64_t> pids;
};

}  // namespace rm::docker
