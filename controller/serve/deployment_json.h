// SPDX-License-Identifier: Apache-2.0
// Deployments as JSON, as the API lists them and as the command line shows them without a daemon. The
// members' names are promises: docs/api.md has them all. Pure.
#pragma once

#include <string>
#include <vector>

#include "core/clock.h"
#include "serve/wanted.h"
#include "store/deployments.h"

namespace rm::serve {

/// A phase of a deployment, from when it began to when the next one did. With several replicas
/// they come again and again.
struct PhaseTime {
    std::string phase;
    WallTime began;
    WallTime ended;  // or `now`, of the one that is under way

    friend bool operator==(const PhaseTime&, const PhaseTime&) = default;
};

std::vector<PhaseTime> phase_times(const store::Deployment& deployment,
                                   const std::vector<store::DeploymentStep>& steps, WallTime now);

/// GET /api/deployments; `next` is the address of the next page, empty on the last one.
std::string deployments_json(const std::vector<store::Deployment>& deployments, const std::string& next,
                             WallTime now);

/// GET /api/deployments/{id}
std::string deployment_json(const store::Deployment& deployment,
                            const std::vector<store::DeploymentStep>& steps, WallTime now);

/// The answer to one that has begun.
std::string begun_json(std::int64_t id, const Wanted& wanted);

}  // namespace rm::serve
