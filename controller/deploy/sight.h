// SPDX-License-Identifier: Apache-2.0
// Sight: what the engine shows of the containers that a deployment is about, right now.
#pragma once

#include <optional>
#include <stop_token>
#include <vector>

#include "core/result.h"
#include "deploy/deployment.h"
#include "docker/container.h"
#include "docker/engine.h"
#include "docker/stats.h"

namespace rm::deploy {

struct Sight {
    std::optional<docker::Container> blue{};   // nothing: it is gone
    std::optional<docker::Container> green{};  // nothing: it was not made, or is gone
    std::optional<docker::Stats> usage{};      // of blue; only where its limits are changed in place
    bool others_run = false;  // another container of the service runs, neither blue nor green
    std::vector<docker::Container> replicas{};  // all of the service's; only where a script replaces them
};

/// Asks the engine. An error means that it could not be asked, never that a container is missing.
Result<Sight> look(docker::Engine& engine, const Deployment& deployment, const std::stop_token& stop);

}  // namespace rm::deploy
