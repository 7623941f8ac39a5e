// SPDX-License-Identifier: Apache-2.0
// From what was seen and measured to what decide() is told, service by service.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/reconcile/survey.h"
#include "config/config.h"
#include "decide/check.h"
#include "decide/decide.h"
#include "observe/metrics_source.h"
#include "store/database.h"
#include "store/deployments.h"
#include "store/pauses.h"

namespace rm::app {

/// What the journal of deployments says of the services of an engine.
struct Journal {
    std::vector<store::Deployment> under_way;
    std::vector<store::Setbacks> setbacks;
    std::map<ServiceName, decide::Applied> applied;  // what the last deployments set
};

/// Of no engine, nothing.
Result<Journal> read_journal(store::Database& store, const std::string& engine);

struct Assembled {
    std::string shown_as;
    decide::ServiceView service;
    config::PolicyPtr policy;
    std::string unknown;  // why the service can't be decided on this time; empty if it can
};

std::vector<Assembled> assemble(const Survey& survey, const observe::Observation& observation,
                                const std::vector<store::Pause>& pauses, const Journal& journal,
                                const config::Config& config);

/// The verdict; a service that was not wholly seen is held and its state stays.
decide::Assessment assess_one(Assembled view, const decide::Rules& rules, decide::ServiceState state,
                              WallTime now);

/// What all running containers use together; one that is not known yet counts with its limit, and makes
/// the sum unknown if it has none.
std::optional<Bytes> memory_used(const Survey& survey, const observe::Observation& observation);

}  // namespace rm::app
