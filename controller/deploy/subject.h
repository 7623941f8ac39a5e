// SPDX-License-Identifier: Apache-2.0
// Looks at the engine for a preflight: the service's containers, and everything else on the host that may be
// in the way.
#pragma once

#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "config/config.h"
#include "core/clock.h"
#include "core/names.h"
#include "core/result.h"
#include "deploy/preflight.h"
#include "docker/container.h"
#include "docker/engine.h"
#include "docker/services.h"
#include "docker/wiring.h"

namespace rm::deploy {

/// All containers of the host, each looked at once. One that went meanwhile is only in the list.
struct HostPicture {
    docker::EngineInfo engine;
    std::vector<docker::ContainerSummary> list;
    docker::Inventory inventory;
    std::map<ContainerId, std::string> documents;
    std::map<ContainerId, docker::Wiring> wirings;
    std::map<ContainerId, std::string> unseen;  // the names of those that could not be looked at
};

Result<HostPicture> take_picture(docker::Engine& engine, const std::stop_token& stop);

/// `service` is one of the picture's inventory. `unavailable` when a container of it could not be looked at.
/// Which limits are wanted, how much memory the host uses and what is permitted is left to the caller.
Result<Subject> subject_of(const HostPicture& picture, const docker::Service& service,
                           config::ServicePolicy policy, WallTime now);

/// Both for one service, which may lack its project where that is clear: `not_found` and `conflict` as
/// docker::resolve() has them. The policy counts the labels of its containers; `invalid` when they are wrong.
Result<Subject> look_at(docker::Engine& engine, const ServiceName& service, const config::Config& config,
                        WallTime now, const std::stop_token& stop);

}  // namespace rm::deploy
