// SPDX-License-Identifier: Apache-2.0
// What the engine shows at the beginning of a check: the services with their running replicas, and the host.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/names.h"
#include "core/usage.h"
#include "docker/container.h"
#include "docker/engine.h"

namespace rm::app {

struct FoundService {
    ServiceName name;
    std::string shown_as;  // without the project where that is clear
    docker::Labels labels;
    std::vector<docker::Container> running;  // by number
    std::string unknown;  // why not all of its replicas could be looked at; empty if all were
};

struct Survey {
    std::vector<FoundService> services;      // by name
    std::vector<docker::Container> running;  // all of the host, ours or not
    std::optional<docker::EngineInfo> host;
    std::vector<Fault> faults;
};

/// An error if the engine can't be asked at all.
Result<Survey> survey(docker::Engine& engine, const std::stop_token& stop);

}  // namespace rm::app
