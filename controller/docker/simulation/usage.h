// SPDX-License-Identifier: Apache-2.0
// SimulatedUsage: what the kernel counts of one run of a container. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>

#include "core/clock.h"
#include "docker/simulation/image.h"
#include "docker/simulation/kernel.h"
#include "docker/stats.h"

namespace rm::docker {

class SimulatedUsage {
public:
    /// It uses CPU for a time, `age` after its start: as much as it wants and may.
    void consume(Cores wanted, const KernelLimits& limits, std::chrono::nanoseconds age,
                 std::chrono::nanoseconds time);

    /// A sample, of a container that wants `demand` of memory and may have `most`.
    [[nodiscard]] Stats sample(const Demand& demand, Bytes most, WallTime now) const;

private:
    std::chrono::nanoseconds cpu_total_{0};
    std::int64_t periods_ = 0;
    std::int64_t throttled_periods_ = 0;
    std::chrono::nanoseconds throttled_time_{0};
};

}  // namespace rm::docker
