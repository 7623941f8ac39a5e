// SPDX-License-Identifier: Apache-2.0
// The history of deployments as it is asked for: by the API, and by the command line where no daemon runs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "decide/check.h"
#include "store/database.h"

namespace rm::serve {

struct HistoryQuery {
    std::optional<std::string> service;  // as people name it
    std::optional<std::int64_t> before;
    std::int64_t limit = 100;
};

/// A service of the last check, or one that was deployed before it went. `check` may be null. The errors of
/// find_service.
Result<ServiceName> known_service(store::Database& store, const decide::Check* check, std::string_view name);

/// GET /api/deployments
Result<std::string> history_json(store::Database& store, const decide::Check* check,
                                 const HistoryQuery& query, WallTime now);

/// GET /api/deployments/{id}; `not_found`.
Result<std::string> history_json(store::Database& store, std::int64_t id, WallTime now);

}  // namespace rm::serve
