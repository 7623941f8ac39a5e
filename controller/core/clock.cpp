// SPDX-License-Identifier: Apache-2.0
#include "core/clock.h"

namespace rm {

Instant SystemClock::now() const {
    return {.wall = std::chrono::system_clock::now(), .steady = std::chrono::steady_clock::now()};
}

bool SystemClock::sleep_until(SteadyTime until, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_until(lock, stop, until, [] { return false; });
    return !stop.stop_requested();
}

VirtualClock::VirtualClock(WallTime wall) : now_{.wall = wall, .steady = SteadyTime(std::chrono::hours(1))} {}

Instant VirtualClock::now() const {
    const std::scoped_lock lock(mutex_);
    return now_;
}

bool VirtualClock::sleep_until(SteadyTime until, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    ++sleepers_;
    changed_.notify_all();
    const bool reached = changed_.wait(lock, stop, [&] { return now_.steady >= until; });
    --sleepers_;
    return reached;
}

void VirtualClock::advance(Duration duration) {
    const std::scoped_lock lock(mutex_);
    now_.wall += duration;
    now_.steady += duration;
    changed_.notify_all();
}

void VirtualClock::jump_wall(Duration duration) {
    const std::scoped_lock lock(mutex_);
    now_.wall += duration;
}

void VirtualClock::wait_for_sleepers(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return sleepers_ >= count; });
}

}  // namespace rm
