// SPDX-License-Identifier: Apache-2.0
// Streaks: how long usage has been asking for the same.
#pragma once

#include "decide/decide.h"
#include "decide/sight.h"
#include "decide/state.h"

namespace rm::decide {

/// Puts this check into the streaks of `state`. A check that comes before half an interval has passed counts
/// for nothing; after more than three, or when the clock was set back, counting starts again.
void count_check(ServiceState& state, const Sight& cpu, const Sight& memory, const Rules& rules,
                 WallTime now);

}  // namespace rm::decide
