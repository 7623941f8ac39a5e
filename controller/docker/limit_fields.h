// SPDX-License-Identifier: Apache-2.0
// LimitFields: the members of a container's HostConfig that limit its CPU and memory, what they mean, and
// what becomes of them when the limits change: what else the user said with them, such as "no swap", goes on
// being said. Pure.
#pragma once

#include <cstdint>

#include "core/limits.h"
#include "core/result.h"

namespace rm::docker {

/// As the engine has them. 0: not set.
struct LimitFields {
    std::int64_t nano_cpus = 0;
    std::int64_t cpu_quota = 0;   // microseconds in each period
    std::int64_t cpu_period = 0;  // microseconds; 0: 100 ms
    std::int64_t memory = 0;
    std::int64_t memory_swap = 0;  // memory and swap together; -1: as much as there is
    std::int64_t memory_reservation = 0;

    friend bool operator==(const LimitFields&, const LimitFields&) = default;
};

/// What they limit a container to. `protocol` for numbers that no engine has.
Result<Limits> limits_of(const LimitFields& fields);

/// `now` with other limits. CPU is limited by NanoCpus or by quota, whichever was used before: the engine
/// refuses both. Swap keeps its meaning: unlimited, none, as much as memory (the engine's default), or a
/// fixed amount. The reservation is lowered to the memory where it would exceed it. `invalid` for limits that
/// no engine takes, `protocol` for fields that contradict each other.
Result<LimitFields> with_limits(const LimitFields& now, const Limits& wanted);

}  // namespace rm::docker
