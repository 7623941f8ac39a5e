// SPDX-License-Identifier: Apache-2.0
// decide: what a service should be allowed to use. Pure: the same input gives the same verdict, for the live
// loop, dry-run, plan, explain, backtests and simulations.
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

Verdict decide(const ServiceView& service, const config::ServicePolicy& policy, const Rules& rules,
               const ServiceState& state, WallTime now);

/// The state after `proposal` was carried out, or would have been (`assumed`): it starts the cooldown and
/// counts.
ServiceState after_adjustment(ServiceState state, const Proposal& proposal,
                              const config::ServicePolicy& policy, WallTime now, bool assumed);

}  // namespace rm::decide
