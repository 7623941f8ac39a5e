// SPDX-License-Identifier: Apache-2.0
// What speaks against a strategy, as sentences that name the container and the thing. Internal to preflight.
#pragma once

#include <string>
#include <vector>

#include "deploy/preflight.h"

namespace rm::deploy {

using Sentences = std::vector<std::string>;

/// Why two of it can't run at once.
Sentences against_two(const Subject& subject, const Candidate& replica, const docker::Wiring& wiring);

/// Why another one can't take its place, even after it was stopped.
Sentences against_replacing(const Subject& subject, const Candidate& replica, const docker::Wiring& wiring);

/// Why its limits can't be changed while it runs.
Sentences against_changing(const Subject& subject, const Candidate& replica);

/// What `strategy` would need of the engine and is not allowed.
Sentences against_permissions(const Subject& subject, config::Strategy strategy);

/// Why the limits that are wanted are none for this host.
Sentences against_limits(const Subject& subject);

}  // namespace rm::deploy
