// SPDX-License-Identifier: Apache-2.0
// Plan: a deployment before its first step: which containers are replaced, and how the new ones are called.
// Pure.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "core/result.h"
#include "deploy/deployment.h"
#include "docker/container.h"

namespace rm::deploy {

/// What somebody wants.
struct Wish {
    ServiceName service;
    std::optional<config::Strategy> strategy = {};  // nothing: as configured
    Limits to;                                      // a missing one stays as it is
    std::string requested_by;                       // `reconcile loop`, `deploy command`, `API`
    std::string reason;
};

/// Which names and numbers are taken, by all containers of the engine.
struct Taken {
    std::span<const docker::ContainerSummary> containers;
};

/// The strategy is a resolved one: blue_green where the wish has none. `replicas` are the service's
/// containers, in the order in which they shall be replaced; `token` is a text that no other deployment has.
/// `not_found` when there is none, `conflict` when nothing would change.
Result<Deployment> plan(const Wish& wish, std::span<const docker::Container> replicas, const Taken& taken,
                        std::string token, WallTime now);

}  // namespace rm::deploy
