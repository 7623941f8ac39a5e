// SPDX-License-Identifier: Apache-2.0
// Sweep: finds what deployments left behind that nobody knows of any more: containers with our mark whose
// deployment is not under way, because its row was lost or has ended. What is found beside an old container
// that serves goes away by an ordinary deployment on its way back, which takes care that something always
// serves. Whatever is in doubt stays, with a sentence for the log.
#pragma once

#include <functional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "config/settings.h"
#include "core/clock.h"
#include "core/result.h"
#include "deploy/deployment.h"
#include "docker/container.h"
#include "docker/engine.h"

namespace rm::deploy {

struct Swept {
    std::vector<Deployment> ways_back;  // to be begun; they have no engine yet
    std::vector<std::string> in_doubt;
};

/// The policy of a service whose containers have these labels.
using PolicyOf = std::function<config::ServicePolicy(const ServiceName&, const docker::Labels&)>;

/// `list` is what the engine listed before `under_way`, the tokens of the deployments under way, was read: so
/// a green that has just been made is never taken for a leftover.
Result<Swept> sweep(docker::Engine& engine, const std::vector<docker::ContainerSummary>& list,
                    const std::set<std::string>& under_way, const PolicyOf& policy_of, WallTime now,
                    const std::stop_token& stop);

}  // namespace rm::deploy
