// SPDX-License-Identifier: Apache-2.0
// Pause: somebody asked to leave a service alone, until a moment or until the pause is cleared. A pause whose
// moment has passed stays in the list until it is cleared or replaced: who asks compares it with the time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/names.h"
#include "core/result.h"
#include "store/database.h"

namespace rm::store {

struct Pause {
    ServiceName service;
    std::optional<WallTime> until;  // none: until it is cleared
    std::string reason;
    WallTime since;

    friend bool operator==(const Pause&, const Pause&) = default;
};

/// Takes the place of the service's pause, if there is one.
Status set_pause(Database& database, const Pause& pause);
Status set_pause(Session& session, const Pause& pause);

/// Whether there was one.
Result<bool> clear_pause(Database& database, const ServiceName& service);

/// Of all services, by name.
Result<std::vector<Pause>> pauses(Database& database);

}  // namespace rm::store
