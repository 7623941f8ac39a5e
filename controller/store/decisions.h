// SPDX-License-Identifier: Apache-2.0
// Decision: what a check of a service came to and why; the history that people and the API look at. Ids grow,
// so a page of the list goes on where the one before ended, whatever is added meanwhile.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/limits.h"
#include "core/names.h"
#include "core/result.h"
#include "store/database.h"

namespace rm::store {

struct Decision {
    std::int64_t id = 0;  // given by the store; `record` does not read it
    WallTime at;
    ServiceName service;
    std::string outcome;       // adjust, would_adjust, hold, ...
    Limits from;               // as it was; what is absent was unlimited
    std::optional<Limits> to;  // none: nothing was to change; in it, what is absent shall be unlimited
    std::string reason;        // a sentence for people
    std::string details;       // JSON: every signal and gate

    friend bool operator==(const Decision&, const Decision&) = default;
};

struct DecisionQuery {
    std::optional<ServiceName> service;  // none: of all services
    std::optional<std::int64_t> before;  // only those with a smaller id: the last one of the page before
    std::int64_t limit = 100;            // at least 1
};

Status record(Session& session, const Decision& decision);

/// The newest first.
Result<std::vector<Decision>> decisions(Database& database, const DecisionQuery& query);

Status forget_decisions_before(Session& session, WallTime time);

}  // namespace rm::store
