// SPDX-License-Identifier: Apache-2.0
#include "core/scaled_clock.h"

namespace rm {
namespace {

std::chrono::nanoseconds times(std::chrono::nanoseconds duration, double factor) {
    return std::chrono::nanoseconds(
        static_cast<std::int64_t>(static_cast<double>(duration.count()) * factor));
}

}  // namespace

ScaledClock::ScaledClock(double speed) : speed_(speed), origin_(real_.now()) {}

Instant ScaledClock::now() const {
    const auto passed = times(real_.now().steady - origin_.steady, speed_);
    return {.wall = origin_.wall + std::chrono::duration_cast<WallTime::duration>(passed),
            .steady = origin_.steady + passed};
}

bool ScaledClock::sleep_until(SteadyTime until, const std::stop_token& stop) {
    return real_.sleep_until(origin_.steady + times(until - origin_.steady, 1 / speed_), stop);
}

}  // namespace rm
