// SPDX-License-Identifier: Apache-2.0
// Drift: the containers have other limits than those that our last deployment gave them, because somebody
// else brought them up again or changed them. Where `on_drift` accepts that, the service's history starts
// again; where it does not, ours are wanted back, and go through the gates as any other change.
#pragma once

#include <optional>

#include "config/settings.h"
#include "core/clock.h"
#include "decide/answer.h"
#include "decide/state.h"
#include "decide/view.h"

namespace rm::decide {

/// Into `state`; whether it is news. What was seen before the deployment ended says nothing about it.
bool notice_drift(ServiceState& state, const ServiceView& service, const config::ServicePolicy& policy,
                  WallTime now);

/// Whether the drift in `state` is to be put right.
bool wants_back(const ServiceState& state);

/// Ours, where that differs from what was found.
std::optional<Wanted> wanted_back(const Sizing& sizing, const Drift& drift);

/// `somebody else set 0.5 CPU, 256M in the place of 1 CPU, 256M from deployment 7`
std::string drift_sentence(const Drift& drift);

}  // namespace rm::decide
