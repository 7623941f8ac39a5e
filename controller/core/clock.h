// SPDX-License-Identifier: Apache-2.0
// Clock: the time as a parameter. Wall time is for people and calendars and may jump; steady time is for
// intervals and never does. An Instant holds both, read together. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "core/duration.h"

namespace rm {

using WallTime = std::chrono::system_clock::time_point;
using SteadyTime = std::chrono::steady_clock::time_point;

struct Instant {
    WallTime wall;
    SteadyTime steady;
};

class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    Clock(Clock&&) = delete;
    Clock& operator=(Clock&&) = delete;
    virtual ~Clock() = default;

    [[nodiscard]] virtual Instant now() const = 0;

    /// Waits until the steady time `until`; false if `stop` was requested first.
    virtual bool sleep_until(SteadyTime until, const std::stop_token& stop) = 0;

    bool sleep_for(Duration duration, const std::stop_token& stop) {
        return sleep_until(now().steady + duration, stop);
    }
};

/// The computer's time.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override;
    bool sleep_until(SteadyTime until, const std::stop_token& stop) override;
};

/// Time that passes only when told to: for tests and simulations.
class VirtualClock final : public Clock {
public:
    /// Starts at `wall`; the steady time starts at an arbitrary point.
    explicit VirtualClock(WallTime wall = WallTime(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)));

    [[nodiscard]] Instant now() const override;
    bool sleep_until(SteadyTime until, const std::stop_token& stop) override;

    /// Lets time pass and wakes those whose time has come.
    void advance(Duration duration);

    /// Moves the wall time alone, as an administrator or NTP does.
    void jump_wall(Duration duration);

    /// Waits (in real time) until `count` threads sleep on this clock; for tests that advance it.
    void wait_for_sleepers(int count);

private:
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    Instant now_;
    int sleepers_ = 0;
};

}  // namespace rm
