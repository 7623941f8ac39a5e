// SPDX-License-Identifier: Apache-2.0
// The part of `deployment` that says when a new container is good.
#include "config/keys/sections.h"
#include "config/number_kinds.h"
#include "config/probe_kinds.h"
#include "config/text_kinds.h"

namespace rm::config {

Keys deployment_health_keys() {
    using namespace std::chrono_literals;
    return {
        overridable(
            {.path = "deployment.health",
             .fallback = "docker",
             .about = "How it is known that a new container serves. `docker`: its health check says so. "
                      "`running`: it has run for `deployment.stable_for` without a restart. `command`: "
                      "`deployment.health_command` ends with 0. `http://:PORT/PATH`: it answers there "
                      "with a status from 200 to 399. `tcp://:PORT`: it takes connections."},
            health_source(), [](auto& at) -> auto& { return at.deployment.health; }),
        overridable({.path = "deployment.health_command",
                     .fallback = "[]",
                     .about = "The program for the health `command`, run inside the new container."},
                    argv(), [](auto& at) -> auto& { return at.deployment.health_command; }),
        overridable(
            {.path = "deployment.stable_for",
             .fallback = "10s",
             .about = "How long a container must have run without a restart to be good by `running`."},
            duration(1s, 1h), [](auto& at) -> auto& { return at.deployment.stable_for; }),
        overridable(
            {.path = "deployment.health_timeout",
             .fallback = "120s",
             .about = "How long a new container may take to become healthy; then it is removed again."},
            duration(1s, 1h), [](auto& at) -> auto& { return at.deployment.health_timeout; }),
        overridable(
            {.path = "deployment.health_interval",
             .fallback = "5s",
             .about = "How often its health is looked at meanwhile, at least, and a probe of ours repeated."},
            duration(100ms, 10min), [](auto& at) -> auto& { return at.deployment.health_interval; }),
        overridable({.path = "deployment.verify",
                     .about = "What a healthy container must answer with a status from 200 to 399 before the "
                              "old one goes, like `http://:8080/ready`."},
                    http_probe(), [](auto& at) -> auto& { return at.deployment.verify; }),
        overridable(
            {.path = "deployment.observe",
             .fallback = "30s",
             .about = "How long the new container must stay healthy alone before the old one is removed."},
            duration(0s, 24h), [](auto& at) -> auto& { return at.deployment.observe; }),
    };
}

}  // namespace rm::config
