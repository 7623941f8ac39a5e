// SPDX-License-Identifier: Apache-2.0
#include "decide/calendar.h"
#include "decide/decide.h"

namespace rm::decide {
namespace {

void count(DayCount& counted, const std::string& day) {
    counted = {.day = day, .count = counted.day == day ? counted.count + 1 : 1};
}

}  // namespace

ServiceState after_adjustment(ServiceState state, const Proposal& proposal,
                              const config::ServicePolicy& policy, WallTime now, bool assumed) {
    const bool cpu_changed = proposal.from.cpu != proposal.to.cpu;
    const bool memory_changed = proposal.from.memory != proposal.to.memory;
    const std::string day = local_day(policy.adjustment.timezone, now);
    if (proposal.oom) {
        count(state.oom_raises, day);
        state.pending_oom.reset();
    }
    if (!proposal.oom || cpu_changed) count(state.adjustments, day);
    state.last_adjustment = now;
    if (cpu_changed) state.streaks.cpu = 0;
    if (memory_changed) state.streaks.memory = 0;
    if (!assumed)
        state.assumed.reset();
    else if (state.assumed)
        state.assumed->limits = proposal.to;
    else
        state.assumed = Assumed{.limits = proposal.to, .instead_of = proposal.from};
    return state;
}

ServiceState without_assumptions(ServiceState state) {
    if (!state.assumed) return state;
    state.assumed.reset();
    state.last_adjustment.reset();
    state.adjustments = {};
    state.oom_raises = {};
    state.streaks = {};
    return state;
}

}  // namespace rm::decide
