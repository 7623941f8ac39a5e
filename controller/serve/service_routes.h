// SPDX-License-Identifier: Apache-2.0
// The routes of /api: what the services use and are allowed to, what was and what would be decided, and
// pauses, deployments. They read what the reconcile loop published; only /api/plan and /api/preflight look.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "core/clock.h"
#include "decide/check.h"
#include "serve/preflight_json.h"
#include "serve/route.h"
#include "serve/wanted.h"
#include "store/database.h"

namespace rm::serve {

using CheckPtr = std::shared_ptr<const decide::Check>;

struct ServiceViews {
    std::function<CheckPtr()> latest;                      // null until there is a first one
    std::function<CheckPtr(const std::stop_token&)> look;  // looks now and counts nothing; may take long
    std::function<std::optional<WallTime>()> first_due;    // when the first check is; may be empty
    store::Database& store;                                // these must outlive the server
    Clock& clock;
    LookAhead look_ahead = {};  // empty: there is no route for it
    Deploy deploy = {};         // the same
};

Routes service_routes(const ServiceViews& views);

}  // namespace rm::serve
