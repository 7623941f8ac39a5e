// SPDX-License-Identifier: Apache-2.0
// What the engine refuses in the body of a creation, limits aside. Pure.
#pragma once

#include "core/result.h"
#include "docker/simulation/setup.h"

namespace rm::docker {

/// `invalid`.
Status check_setup(const SimulatedSetup& setup, ApiVersion api);

/// Also of an update: the name of a policy, and whether it counts its retries.
Status check_restart_policy(const boost::json::object& policy);

}  // namespace rm::docker
