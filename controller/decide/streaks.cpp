// SPDX-License-Identifier: Apache-2.0
#include "decide/streaks.h"

#include <algorithm>

#include "decide/calendar.h"

namespace rm::decide {
namespace {

constexpr std::int64_t longest = 1'000'000;

std::int64_t after(std::int64_t streak, const Sight& sight) {
    switch (sight.wish) {
        case Wish::raise:
            return std::min(std::max(streak, std::int64_t{0}) + 1, longest);
        case Wish::lower:
            return std::max(std::min(streak, std::int64_t{0}) - 1, -longest);
        case Wish::keep:
            break;
    }
    if (!sight.limit || sight.complete) return 0;
    return std::clamp(streak, std::int64_t{0}, longest);  // a gap ends only what leads to less
}

}  // namespace

void count_check(ServiceState& state, const Sight& cpu, const Sight& memory, const Rules& rules,
                 WallTime now) {
    // No check comes to the millisecond, so the bounds lie half an interval from when one is due: below the
    // first it is early, above the last three were missed.
    const Duration early = rules.check_interval / 2;
    const Duration late = 3 * rules.check_interval + early;
    if (state.last_check) {
        const Duration since = elapsed(*state.last_check, now);
        if (since >= Duration(0) && since < early) return;
        if (since < Duration(0) || since >= late) state.streaks = {};
    }
    state.streaks = {.cpu = after(state.streaks.cpu, cpu), .memory = after(state.streaks.memory, memory)};
    state.last_check = now;
}

}  // namespace rm::decide
