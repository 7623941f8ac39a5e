// SPDX-License-Identifier: Apache-2.0
#include "app/reconcile/records.h"

#include <optional>

#include "serve/check_json.h"

namespace rm::app {

std::string outcome_of(const decide::Verdict& verdict) {
    if (verdict.proposal) return "would_adjust";
    if (const decide::GateReport* held = first_held(verdict))
        return "hold:" + std::string(to_string(held->gate));
    return "within";
}

store::Decision decision_of(const decide::Assessment& service, const std::string& outcome, WallTime at) {
    const decide::Verdict& verdict = service.verdict;
    const auto& proposal = verdict.proposal;
    return {.at = at,
            .service = service.service.name,
            .outcome = outcome,
            .from = proposal ? proposal->from : verdict.in_force,
            .to = proposal ? std::optional(proposal->to) : std::nullopt,
            .reason = proposal ? proposal->reason : verdict.summary,
            .details = serve::details(service)};
}

}  // namespace rm::app
