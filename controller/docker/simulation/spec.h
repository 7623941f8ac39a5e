// SPDX-License-Identifier: Apache-2.0
// SimulatedSpec: a container that is simply there on the simulated engine, without anybody writing the body
// of its creation.
#pragma once

#include <optional>
#include <string>

#include "core/limits.h"
#include "docker/container.h"
#include "docker/simulation/image.h"

namespace rm::docker {

struct SimulatedSpec {
    std::string name;
    std::string image = {};       // empty: `simulated/NAME:1`
    SimulatedImage program = {};  // what that image is; not looked at when the engine has it already
    Labels labels = {};
    Limits limits = {};
    RestartPolicy restart = RestartPolicy::unless_stopped;
    std::optional<HealthCheck> health_check = {};
};

std::string image_of(const SimulatedSpec& spec);

/// The body of its creation.
std::string body_of(const SimulatedSpec& spec);

}  // namespace rm::docker
