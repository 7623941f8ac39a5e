// SPDX-License-Identifier: Apache-2.0
// A Check as the API shows it, and as the command line's `--once` does without a daemon. The members' names
// are promises: docs/api.md has them all. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "decide/check.h"
#include "store/pauses.h"

namespace rm::serve {

/// The pauses as they are now, which may be news to a check. Nothing: the store could not be asked, and those
/// that the check saw are shown.
using Pauses = std::optional<std::vector<store::Pause>>;

/// GET /api/services
std::string services_json(const decide::Check& check, const Pauses& pauses, WallTime now);

/// GET /api/services/{name}; `service` is one of the check's.
std::string service_json(const decide::Check& check, const decide::Assessment& service, const Pauses& pauses,
                         WallTime now);

/// GET /api/plan
std::string plan_json(const decide::Check& check, const Pauses& pauses, WallTime now);

/// The answer to a pause, and to a service being resumed.
std::string pause_json(const store::Pause& pause);
std::string resumed_json(const ServiceName& service, bool was_paused);

}  // namespace rm::serve
