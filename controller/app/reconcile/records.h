// SPDX-License-Identifier: Apache-2.0
// A decision as it is kept: in the store and, one line each, in the decision log.
#pragma once

#include <string>

#include "decide/check.h"
#include "store/decisions.h"

namespace rm::app {

/// `would_adjust`, `hold:cooldown`, `within`: what a decision came to. A row is kept when it changes.
std::string outcome_of(const decide::Verdict& verdict);

store::Decision decision_of(const decide::Assessment& service, const std::string& outcome, WallTime at);

}  // namespace rm::app
