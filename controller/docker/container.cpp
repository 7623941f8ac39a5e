// SPDX-License-Identifier: Apache-2.0
#include "docker/container.h"

namespace rm::docker {

std::string_view to_string(ContainerState state) {
    switch (state) {
        case ContainerState::created:
            return "created";
        case ContainerState::running:
            return "running";
        case ContainerState::paused:
            return "paused";
        case ContainerState::restarting:
            return "restarting";
        case ContainerState::removing:
            return "removing";
        case ContainerState::exited:
            return "exited";
        case ContainerState::dead:
            return "dead";
    }
    return "unknown";
}

std::string_view to_string(HealthState state) {
    switch (state) {
        case HealthState::none:
            return "none";
        case HealthState::starting:
            return "starting";
        case HealthState::healthy:
            return "healthy";
        case HealthState::unhealthy:
            return "unhealthy";
    }
    return "unknown";
}

std::string_view to_string(RestartPolicy policy) {
    switch (policy) {
        case RestartPolicy::no:
            return "no";
        case RestartPolicy::on_failure:
            return "on-failure";
        case RestartPolicy::always:
            return "always";
        case RestartPolicy::unless_stopped:
            return "unless-stopped";
    }
    return "unknown";
}

}  // namespace rm::docker
