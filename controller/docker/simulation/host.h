// SPDX-License-Identifier: Apache-2.0
// SimulatedHost: the machine that the simulated engine runs on, and the version of the engine's API.
#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.h"
#include "core/cores.h"
#include "docker/api_version.h"

namespace rm::docker {

struct SimulatedHost {
    std::string name = "simulation";
    Cores cpus = Cores::whole(8);
    Bytes memory = Bytes::mebi(std::int64_t{16} << 10);
    int cgroup_version = 2;
    ApiVersion api{.major = 1, .minor = 41};  // below 1.44 a container is created with one network at most
};

}  // namespace rm::docker
