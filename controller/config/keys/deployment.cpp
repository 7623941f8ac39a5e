// SPDX-License-Identifier: Apache-2.0
#include "config/keys/sections.h"
#include "config/number_kinds.h"
#include "config/text_kinds.h"

namespace rm::config {

namespace {

template <class Field>
Key hook(std::string_view path, std::string_view about, Field field) {
    return overridable({.path = path, .fallback = "[]", .about = about}, argv(), field);
}

Keys hook_keys() {
    return {
        hook("deployment.hooks.before",
             "A program that runs before anything is changed; if it fails, nothing is.",
             [](auto& at) -> auto& { return at.deployment.hooks.before; }),
        hook("deployment.hooks.after_healthy", "A program that runs when the new container is healthy.",
             [](auto& at) -> auto& { return at.deployment.hooks.after_healthy; }),
        hook("deployment.hooks.switch", "A program that moves the traffic over, where nothing else does.",
             [](auto& at) -> auto& { return at.deployment.hooks.switch_over; }),
        hook("deployment.hooks.drain", "A program that takes the old container out of the traffic.",
             [](auto& at) -> auto& { return at.deployment.hooks.drain; }),
        hook("deployment.hooks.after", "A program that runs when all is done.",
             [](auto& at) -> auto& { return at.deployment.hooks.after; }),
        hook("deployment.hooks.on_rollback", "A program that runs when the old container was put back.",
             [](auto& at) -> auto& { return at.deployment.hooks.on_rollback; }),
    };
}

}  // namespace

Keys deployment_keys() {
    using namespace std::chrono_literals;
    Keys keys{
        overridable(
            {.path = "deployment.strategy",
             .fallback = "blue_green",
             .about = "`blue_green`: a second container with the new limits takes over when it is healthy. "
                      "`in_place`: the running container's limits are changed. `recreate`: stop, then start "
                      "with the new limits. `script`: `deployment.script` does it."},
            words<Strategy>({{"blue_green", Strategy::blue_green},
                             {"in_place", Strategy::in_place},
                             {"recreate", Strategy::recreate},
                             {"script", Strategy::script}}),
            [](auto& at) -> auto& { return at.deployment.strategy; }),
        overridable(
            {.path = "deployment.health_timeout",
             .fallback = "120s",
             .about = "How long a new container may take to become healthy; then it is removed again."},
            duration(1s, 1h), [](auto& at) -> auto& { return at.deployment.health_timeout; }),
        overridable({.path = "deployment.health_interval",
                     .fallback = "5s",
                     .about = "How often its health is looked at meanwhile."},
                    duration(100ms, 10min), [](auto& at) -> auto& { return at.deployment.health_interval; }),
        overridable(
            {.path = "deployment.drain",
             .fallback = "30s",
             .about = "How long the old container goes on serving after the new one is healthy, until it is "
                      "stopped."},
            duration(0s, 1h), [](auto& at) -> auto& { return at.deployment.drain; }),
        overridable(
            {.path = "deployment.observe",
             .fallback = "30s",
             .about = "How long the new container must stay healthy alone before the old one is removed."},
            duration(0s, 24h), [](auto& at) -> auto& { return at.deployment.observe; }),
        general({.path = "deployment.max_concurrent",
                 .fallback = "1",
                 .about = "How many services may be in deployment at the same time."},
                integer(1, 64), [](Settings& s) -> auto& { return s.deployment.max_concurrent; }),
        overridable({.path = "deployment.failure_backoff",
                     .fallback = "1h",
                     .about = "How long a service is left alone after a deployment that failed."},
                    duration(0s, 168h), [](auto& at) -> auto& { return at.deployment.failure_backoff; }),
        overridable(
            {.path = "deployment.script",
             .fallback = "[]",
             .about = "The program for the strategy `script`, as a list without a shell; service, CPU and "
                      "memory are added as arguments."},
            argv(), [](auto& at) -> auto& { return at.deployment.script; }),
    };
    for (Key& key : hook_keys()) keys.push_back(std::move(key));
    return keys;
}

}  // namespace rm::config
