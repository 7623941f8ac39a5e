// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/usage.h"

#include <algorithm>
#include <cmath>

namespace rm::docker {
namespace {

using std::chrono::nanoseconds;

nanoseconds times(double cores, nanoseconds time) {
    return nanoseconds(std::llround(cores * static_cast<double>(time.count())));
}

}  // namespace

void SimulatedUsage::consume(Cores wanted, const KernelLimits& limits, nanoseconds age, nanoseconds time) {
    const auto limit = limits.cpu();
    const Cores used = limit ? std::min(*limit, wanted) : wanted;
    cpu_total_ += times(used.value(), time);
    if (!limit) return;
    const nanoseconds period = std::chrono::microseconds(limits.cpu_period);
    const std::int64_t periods = (age + time) / period - age / period;
    periods_ += periods;
    if (wanted <= *limit) return;
    throttled_periods_ += periods;
    throttled_time_ += times(wanted.value() - limit->value(), time);
}

Stats SimulatedUsage::sample(const Demand& demand, Bytes most, WallTime now) const {
    const Bytes kept = std::min(demand.memory, most);
    Stats stats;
    stats.read_at = now;
    stats.cpu_total = cpu_total_;
    stats.cpu_periods = periods_;
    stats.cpu_throttled_periods = throttled_periods_;
    stats.cpu_throttled_time = throttled_time_;
    stats.memory_usage = Bytes(std::min(most.count(), kept.count() + demand.file_cache.count()));
    stats.memory_working_set = kept;
    stats.memory_limit = most;
    stats.pids = 1;
    return stats;
}

}  // namespace rm::docker
