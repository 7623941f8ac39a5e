// SPDX-License-Identifier: Apache-2.0
// decide: what a service should be allowed to use. Pure: the same input gives the same verdict, for the live
// loop, dry-run, plan, explain, backtests and simulations. Never fails: what it cannot judge it holds.
// docs/decisions-explained.md tells the rules with their numbers. Safe to call from any thread.
#pragma once

#include "config/settings.h"
#include "core/clock.h"
#include "decide/state.h"
#include "decide/verdict.h"
#include "decide/view.h"

namespace rm::decide {

/// What applies to the service besides its own policy.
struct Rules {
    Duration window{};
    Duration trend_window{};
    Duration check_interval{};
};

/// Every gate is looked at, also behind one that holds, with the change that would be made if all before it
/// passed. A proposal is there if a change is left that every gate let pass. `verdict.next` is `state` with
/// this check in it; that the proposal was carried out is told by `after_adjustment`. `words` changes nothing
/// but what is told.
Verdict decide(const ServiceView& service, const config::ServicePolicy& policy, const Rules& rules,
               const ServiceState& state, WallTime now, Words words = Words::all);

/// The state after `proposal` was carried out, or would have been (`assumed`): it starts the cooldown, counts
/// in the day's limit (an OOM raise in that of its own, together with CPU in both), and the streaks of what
/// changed start again.
ServiceState after_adjustment(ServiceState state, const Proposal& proposal,
                              const config::ServicePolicy& policy, WallTime now, bool assumed);

}  // namespace rm::decide
