// SPDX-License-Identifier: Apache-2.0
// Container: what the engine tells of one container, read and checked. Plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/limits.h"
#include "core/names.h"

namespace rm::docker {

using Labels = std::map<std::string, std::string>;

enum class ContainerState { created, running, paused, restarting, removing, exited, dead };
enum class HealthState { none, starting, healthy, unhealthy };

std::string_view to_string(ContainerState state);
std::string_view to_string(HealthState state);

/// A line of the list of containers. One that is odd is told all the same, so that it can't hide the others:
/// it has its id, the name if that could be read, and the reason in `unreadable`; it belongs to no service.
struct ContainerSummary {
    ContainerId id;
    std::string name;  // without the slash in front
    std::string image;
    ContainerState state = ContainerState::created;
    Labels labels;
    WallTime created_at;
    std::string unreadable = {};  // why the rest is missing; empty for a good line
};

/// What inspecting one gives.
struct Container {
    ContainerId id;
    std::string name;
    std::string image;  // as configured: `grafana/grafana:10.4`
    ContainerState state = ContainerState::created;
    HealthState health = HealthState::none;
    Labels labels;
    Limits limits;  // from NanoCpus or CpuQuota/CpuPeriod, and Memory; 0 is unlimited
    WallTime created_at;
    std::optional<WallTime> started_at = {};   // nothing: never
    std::optional<WallTime> finished_at = {};  // nothing: never
    int exit_code = 0;
    bool oom_killed = false;
    std::int64_t restart_count = 0;
};

}  // namespace rm::docker
