// SPDX-License-Identifier: Apache-2.0
// What is kept of a check: the states that the next one goes on from, and the decisions, which the decision
// log has too.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "decide/check.h"
#include "deploy/deployment.h"
#include "store/database.h"
#include "store/decisions.h"

namespace rm::app {

/// `adjust`, in dry-run `would_adjust`, `hold:cooldown`, `within`: what a decision came to. A row is kept
/// when it changes.
std::string outcome_of(const decide::Verdict& verdict, bool dry_run);

/// `service` is one of `check`, with the state that led to the verdict: before an adjustment changed it.
store::Decision decision_of(const decide::Check& check, const decide::Assessment& service,
                            const std::string& outcome);

/// Stores all of a check or nothing, with the deployments that it leads to. Drops what was last seen before
/// `forget_before`, where that is given.
Status keep(store::Database& store, const decide::Check& check, const std::vector<store::Decision>& decisions,
            const std::vector<deploy::Deployment>& deployments, std::optional<WallTime> forget_before);

}  // namespace rm::app
