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
    if (state.last_check) {
        const Duration since = elapsed(*state.last_check, now);
        if (since >= Duration(0) && since < rules.check_interval / 2) return;
        if (since < Duration(0) || since > 3 * rules.check_interval) state.streaks = {};
    }
    state.streaks = {.cpu = after(state.streaks.cpu, cpu), .memory = after(state.streaks.memory, memory)};
    state.last_check = now;
}

}  // namespace rm::decide
