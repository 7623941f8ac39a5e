// SPDX-License-Identifier: Apache-2.0
#include "decide/drift.h"

#include <algorithm>

#include <fmt/format.h>

#include "decide/sight.h"

namespace rm::decide {
namespace {

/// The smallest steps in which limits are set. An engine counts CPU in its own, and half a step is no change.
constexpr Amount cpu_step = 10'000'000;
constexpr Amount memory_step = 1 << 20;

bool is_other(const std::optional<Amount>& found, const std::optional<Amount>& ours, Amount step) {
    if (!ours) return false;  // a limit that we never set is the file's alone
    if (!found) return true;
    const Amount difference = *found > *ours ? *found - *ours : *ours - *found;
    return difference >= step / 2;
}

bool is_other(Resource resource, const Limits& found, const Limits& ours) {
    return is_other(limit_of(resource, found), limit_of(resource, ours),
                    resource == Resource::cpu ? cpu_step : memory_step);
}

bool are_ours(const Limits& found, const Applied& applied) {
    const auto same = [&](const Limits& ours) {
        return !is_other(Resource::cpu, found, ours) && !is_other(Resource::memory, found, ours);
    };
    return same(applied.limits) || std::ranges::any_of(applied.of_replicas, same);
}

/// Deployments of today stay counted: they bound how often containers are replaced, whoever set the limits.
/// So do the kernel's kills of containers that still run.
void restart_history(ServiceState& state) {
    state.streaks = {};
    state.last_adjustment.reset();
    state.last_oom.reset();
    state.pending_oom.reset();
    state.assumed.reset();
}

}  // namespace

bool notice_drift(ServiceState& state, const ServiceView& service, const config::ServicePolicy& policy,
                  WallTime now) {
    const auto& applied = service.applied;
    if (!applied || applied->at >= now || service.replicas.empty()) return false;
    if (state.drift && state.drift->deployment != applied->deployment) state.drift.reset();
    const auto other = std::ranges::find_if(
        service.replicas, [&](const Replica& replica) { return !are_ours(replica.limits, *applied); });
    if (other == service.replicas.end()) {
        state.drift.reset();
        return false;
    }
    const bool accepts = policy.deployment.on_drift == config::OnDrift::accept;
    const bool known = state.drift && state.drift->found == other->limits;
    if (known && (state.drift->accepted || !accepts)) return false;
    state.drift = Drift{.deployment = applied->deployment,
                        .since = known ? state.drift->since : now,
                        .ours = applied->limits,
                        .found = other->limits,
                        .accepted = accepts};
    if (accepts) restart_history(state);
    return !known;
}

bool wants_back(const ServiceState& state) {
    return state.drift && !state.drift->accepted;
}

std::optional<Wanted> wanted_back(const Sizing& sizing, const Drift& drift) {
    if (!is_other(sizing.resource, drift.found, drift.ours)) return std::nullopt;
    const auto found = limit_of(sizing.resource, drift.found);
    const bool more = found && *limit_of(sizing.resource, drift.ours) > *found;
    return Wanted{.way = more ? Wish::raise : Wish::lower, .cause = Cause::drift};
}

std::string drift_sentence(const Drift& drift) {
    return fmt::format("somebody else set {} in the place of {} from deployment {}", print(drift.found),
                       print(drift.ours), drift.deployment);
}

}  // namespace rm::decide
