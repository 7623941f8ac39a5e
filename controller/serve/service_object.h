// SPDX-License-Identifier: Apache-2.0
// One service of a check as a JSON object: in short for lists, and with everything that led to its verdict.
// Internal to serve/.
#pragma once

#include <optional>

#include <boost/json.hpp>

#include "decide/check.h"
#include "serve/check_json.h"
#include "store/pauses.h"

namespace rm::serve {

/// The pause that holds now: the store's word counts, where there is one.
std::optional<store::Pause> pause_of(const decide::Assessment& service, const Pauses& pauses, WallTime now);

boost::json::object shown(const store::Pause& pause);
boost::json::object streaks(const decide::ServiceState& state);

/// `at` is the check's time, which the cooldown is counted from.
boost::json::object in_short(const decide::Assessment& service, WallTime at,
                             const std::optional<store::Pause>& pause);
boost::json::object in_full(const decide::Assessment& service, WallTime at,
                            const std::optional<store::Pause>& pause);

/// In full, with what `check` decided it by: all that is kept with a decision.
boost::json::object as_decided(const decide::Assessment& service, const decide::Check& check);

}  // namespace rm::serve
