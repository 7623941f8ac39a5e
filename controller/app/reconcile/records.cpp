// SPDX-License-Identifier: Apache-2.0
#include "app/reconcile/records.h"

#include <optional>

#include "deploy/deployer.h"
#include "serve/decision_json.h"
#include "store/deployments.h"
#include "store/service_states.h"

namespace rm::app {

std::string outcome_of(const decide::Verdict& verdict, bool dry_run) {
    if (verdict.proposal) return dry_run ? "would_adjust" : "adjust";
    if (const decide::GateReport* held = first_held(verdict))
        return "hold:" + std::string(to_string(held->gate));
    return "within";
}

store::Decision decision_of(const decide::Check& check, const decide::Assessment& service,
                            const std::string& outcome) {
    const decide::Verdict& verdict = service.verdict;
    const auto& proposal = verdict.proposal;
    return {.at = check.at,
            .service = service.service.name,
            .outcome = outcome,
            .from = proposal ? proposal->from : verdict.in_force,
            .to = proposal ? std::optional(proposal->to) : std::nullopt,
            .reason = proposal ? proposal->reason : verdict.summary,
            .details = serve::details(check, service)};
}

Status keep(store::Database& store, const decide::Check& check, const std::vector<store::Decision>& decisions,
            const std::vector<deploy::Deployment>& deployments, std::optional<WallTime> forget_before) {
    return store.transaction([&](store::Session& session) -> Status {
        for (const decide::Assessment& service : check.services)
            if (auto put = store::put(session, {.service = service.service.name,
                                                .state = print(service.verdict.next),
                                                .updated_at = check.at});
                !put)
                return put;
        for (const store::Decision& decision : decisions)
            if (auto recorded = store::record(session, decision); !recorded) return recorded;
        for (const deploy::Deployment& deployment : deployments)
            if (auto begun = deploy::begin(session, deployment); !begun)
                return fail(std::move(begun).error());
        if (!forget_before) return {};
        if (auto forgotten = store::forget_decisions_before(session, *forget_before); !forgotten)
            return forgotten;
        if (auto forgotten = store::forget_deployments_before(session, *forget_before); !forgotten)
            return forgotten;
        return store::forget_states_before(session, *forget_before);
    });
}

}  // namespace rm::app
