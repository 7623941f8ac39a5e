// SPDX-License-Identifier: Apache-2.0
// What a lab's engine says about a container: for tests to look at, and to wait for.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/duration.h"
#include "core/result.h"
#include "tests/lab/engine.h"

namespace rm::lab {

struct Container {
    std::string id;
    std::string name;    // without the slash
    std::string status;  // "created", "running", "exited", ...
    std::string health;  // "starting", "healthy", "unhealthy"; empty without a health check
    std::string image;   // its id
    int exit_code = 0;
    bool oom_killed = false;
    int restarts = 0;
    /// The addresses by network; reachable inside the engine's space.
    std::map<std::string, std::string> addresses;
    std::map<std::string, std::string> labels;

    /// Its only or first address; empty when it does not run.
    [[nodiscard]] std::string address() const { return addresses.empty() ? "" : addresses.begin()->second; }
};

/// By name or id.
Result<Container> inspect(const Engine& engine, const std::string& container);

/// The names of all containers, stopped ones too.
Result<std::vector<std::string>> containers(const Engine& engine);

/// Removes the containers, networks and volumes of a compose project, without waiting for anybody's consent.
Status remove_project(const Engine& engine, const std::string& project);

/// Waits until the container's status or health is `state`; an error says what it was instead.
Status wait_for_state(const Engine& engine, const std::string& container, const std::string& state,
                      Duration deadline = std::chrono::seconds(30));

}  // namespace rm::lab
