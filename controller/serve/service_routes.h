// SPDX-License-Identifier: Apache-2.0
// The routes of /api: what the services use and are allowed to, what was and what would be decided, and
// pauses. They read what the reconcile loop published; only /api/plan makes it look.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "core/clock.h"
#include "decide/check.h"
#include "serve/route.h"
#include "store/database.h"

namespace rm::serve {

using CheckPtr = std::shared_ptr<const decide::Check>;

struct ServiceViews {
    std::function<CheckPtr()> latest;                      // null until there is a first one
    std::function<CheckPtr(const std::stop_token&)> look;  // looks now and counts nothing; may take long
    std::function<std::optional<WallTime>()> first_due;    // when the first check is; may be empty
    store::Database& store;                                // these must outlive the server
    Clock& clock;
};

Routes service_routes(const ServiceViews& views);

}  // namespace rm::serve
