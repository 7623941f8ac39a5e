// SPDX-License-Identifier: Apache-2.0
// The built-in fleet of the simulation: a dozen services as one finds them on a Compose host, each with the
// load that makes it interesting. Deterministic: the same moment gives the same load.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/cores.h"
#include "core/limits.h"
#include "docker/simulated_engine.h"

namespace rm::docker {

enum class LoadShape {
    daily,     // follows the hours of a day
    bursty,    // quiet, with short bursts
    leaking,   // memory grows until the container restarts
    idle,      // hardly anything
    stepping,  // another level every few hours
    steady     // always about the same
};

struct FleetService {
    std::string name;
    std::string image;
    Limits limits;
    LoadShape shape = LoadShape::steady;
    Cores cpu_least, cpu_most;
    Bytes memory_least, memory_most;
};

const std::vector<FleetService>& fleet();

/// What `service` would use at `now` if nothing limited it, that long after its container's start.
Demand demand_of(const FleetService& service, WallTime now, Duration since_start);

/// A simulated engine on which the fleet has just been started. `clock` must outlive it.
std::unique_ptr<SimulatedEngine> engine_with_fleet(Clock& clock);

}  // namespace rm::docker
