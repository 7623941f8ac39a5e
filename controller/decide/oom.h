// SPDX-License-Identifier: Apache-2.0
// OOM kills: noticing new ones by their counters, and what they ask for.
#pragma once

#include <cstddef>

#include "decide/quantity.h"
#include "decide/sight.h"
#include "decide/state.h"
#include "decide/view.h"

namespace rm::decide {

inline constexpr std::int64_t most_oom_raises = 3;               // in a calendar day
inline constexpr Duration oom_memory = std::chrono::hours(24);   // how long a kill is held against a service
inline constexpr Duration oom_patience = std::chrono::hours(1);  // how long one waits for its raise

/// Remembers the counters of `service` in `state`; true if one has grown. The first sight of a container and
/// a counter that has shrunk only tell where counting starts: what a counter says is worth something as a
/// difference alone.
bool notice_oom_kills(ServiceState& state, const ServiceView& service, WallTime now);

/// How much memory a kill asks for where `limit` is in force.
Amount after_oom(Amount limit, const Sight& memory, bool repeated);

}  // namespace rm::decide
