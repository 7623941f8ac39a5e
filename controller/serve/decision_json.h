// SPDX-License-Identifier: Apache-2.0
// Decisions as JSON: the API's list of them, the lines of the decision log, and what is kept with each of
// them. The members' names are promises: docs/api.md has them all. Pure.
#pragma once

#include <string>
#include <vector>

#include "decide/check.h"
#include "store/decisions.h"

namespace rm::serve {

/// GET /api/decisions; `next` is the address of the next page, empty on the last one.
std::string decisions_json(const std::vector<store::Decision>& decisions, const std::string& next,
                           bool with_details);

/// A line of the decision log, with its end: as in the list with details, but for the id.
std::string decision_line(const store::Decision& decision);

/// What is kept with the decision on `service`, which is one of `check`: every number that led to it, in one
/// line without an end.
std::string details(const decide::Check& check, const decide::Assessment& service);

}  // namespace rm::serve
