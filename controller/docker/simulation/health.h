// SPDX-License-Identifier: Apache-2.0
// SimulatedHealth: a container's health as the engine's own probes find it: the first probe an interval after
// the start, each next one an interval later, or a start interval while it starts; unhealthy after so many
// failures in a row, of which those in the start period don't count until it was healthy once. Not
// thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "core/clock.h"
#include "docker/container.h"
#include "docker/write.h"

namespace rm::docker {

class SimulatedHealth {
public:
    struct Probe {
        WallTime at;
        ExecOutcome outcome;
    };

    /// At the container's start; without a check its health is `none`.
    void begin(const std::optional<HealthCheck>& check, SteadyTime started);
    /// At its end, which the engine calls unhealthy.
    void end();

    [[nodiscard]] HealthState state() const { return state_; }
    /// When the next probe is due.
    [[nodiscard]] std::optional<SteadyTime> next() const { return next_; }
    [[nodiscard]] std::int64_t failing_streak() const { return failing_streak_; }
    /// The last probes, the latest at the end.
    [[nodiscard]] const std::deque<Probe>& log() const { return log_; }

    /// What the probe that was due found.
    void take(Probe probe);
    /// Turns at once.
    void turn(HealthState state);

private:
    void judge(bool healthy, SteadyTime at);

    HealthCheck check_;
    HealthState state_ = HealthState::none;
    SteadyTime started_;
    std::optional<SteadyTime> next_;
    std::int64_t failing_streak_ = 0;
    std::deque<Probe> log_;
};

}  // namespace rm::docker
