// SPDX-License-Identifier: Apache-2.0
// The limits of a HostConfig as the simulated engine handles them: what it refuses, at creation and when they
// are changed, as Engine 20.10 does. Pure.
#pragma once

#include <cstdint>

#include <boost/json.hpp>

#include "core/cores.h"
#include "core/result.h"
#include "docker/limit_fields.h"
#include "docker/write.h"

namespace rm::docker {

/// Less CPU time in a period, in microseconds, is refused by the engine and by the kernel.
constexpr std::int64_t least_quota = 1000;

/// What is sent, or what a container has; 0 is "not given".
using SimulatedResources = LimitFields;

void write_resources(boost::json::object& host, const SimulatedResources& resources);
SimulatedResources resources_of(const Update& update);

enum class ResourceCheck { creating, updating };

/// What is wrong whatever the container has: `invalid`.
Status check_resources(const SimulatedResources& resources, Cores host, ResourceCheck check);

/// What a container with `present` has after `sent`; `conflict` where the two don't go together.
Result<SimulatedResources> merged(SimulatedResources present, const SimulatedResources& sent);

}  // namespace rm::docker
