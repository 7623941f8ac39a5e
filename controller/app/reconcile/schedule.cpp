// SPDX-License-Identifier: Apache-2.0
#include "app/reconcile/schedule.h"

#include <algorithm>

namespace rm::app {

std::int64_t Schedule::next(Duration interval, SteadyTime now) {
    due_ += interval;
    if (due_ > now) return 0;
    const std::int64_t missed = (now - due_) / interval + 1;
    due_ += interval * missed;
    return missed;
}

Duration pause_after(std::int64_t failures) {
    constexpr std::int64_t doublings = 6;
    if (failures <= 1) return Duration(0);
    return std::min<Duration>(std::chrono::minutes(1),
                              std::chrono::seconds(std::int64_t{1} << std::min(failures - 2, doublings)));
}

}  // namespace rm::app
