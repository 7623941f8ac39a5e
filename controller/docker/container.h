// SPDX-License-Identifier: Apache-2.0
// Container: what the engine tells of one container, read and checked. Plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/duration.h"
#include "core/limits.h"
#include "core/names.h"
#include "docker/limit_fields.h"

namespace rm::docker {

using Labels = std::map<std::string, std::string>;

enum class ContainerState { created, running, paused, restarting, removing, exited, dead };
enum class HealthState { none, starting, healthy, unhealthy };

std::string_view to_string(ContainerState state);
std::string_view to_string(HealthState state);

enum class RestartPolicy { no, on_failure, always, unless_stopped };

std::string_view to_string(RestartPolicy policy);

/// What the engine does when a container ends by itself.
struct RestartRule {
    RestartPolicy policy = RestartPolicy::no;
    std::int64_t maximum_retries = 0;  // of on_failure; 0: no end

    friend bool operator==(const RestartRule&, const RestartRule&) = default;
};

/// The engine's own probe, with its defaults where nothing was set.
struct HealthCheck {
    Duration interval{30'000};
    Duration timeout{30'000};
    Duration start_period{};    // failures in it don't count
    Duration start_interval{};  // in the place of `interval` in it, until it is healthy; 0: not told, which
                                // engines before API 1.44 don't
    std::int64_t retries = 3;

    /// How long after the start the first probe is. One that is not told is at most `interval`.
    [[nodiscard]] Duration first_probe() const {
        const bool told = start_interval > Duration(0) && start_period > Duration(0);
        return told ? start_interval : interval;
    }

    friend bool operator==(const HealthCheck&, const HealthCheck&) = default;
};

/// How a container wants to be stopped.
struct StopRule {
    std::string signal = "SIGTERM";
    Duration timeout{10'000};  // then it is killed

    friend bool operator==(const StopRule&, const StopRule&) = default;
};

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
    Limits limits;
    WallTime created_at;
    std::optional<WallTime> started_at = {};   // nothing: never
    std::optional<WallTime> finished_at = {};  // nothing: never
    int exit_code = 0;
    bool oom_killed = false;
    std::int64_t restart_count = 0;

    std::string image_id = {};  // `sha256:...`, which a tag that moved on does not change
    RestartRule restart = {};
    StopRule stop = {};
    std::optional<HealthCheck> health_check = {};  // nothing: it has none
    std::string health_output = {};                // of the last probe, cut
    LimitFields limit_fields = {};                 // `limits`, and what else was said with them
};

}  // namespace rm::docker
