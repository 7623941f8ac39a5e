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

void append(Keys& keys, Keys more) {
    for (Key& key : more) keys.push_back(std::move(key));
}

Keys afterwards_keys() {
    using namespace std::chrono_literals;
    return {
        general({.path = "deployment.max_concurrent",
                 .fallback = "1",
                 .about = "How many services may be in deployment at the same time."},
                integer(1, 64), [](Settings& s) -> auto& { return s.deployment.max_concurrent; }),
        overridable({.path = "deployment.failure_backoff",
                     .fallback = "1h",
                     .about = "How long a service is left alone after a deployment that failed."},
                    duration(0s, 168h), [](auto& at) -> auto& { return at.deployment.failure_backoff; }),
        overridable(
            {.path = "deployment.on_drift",
             .fallback = "accept",
             .about =
                 "When somebody else changed the limits, such as Compose by its file. `accept`: those hold "
                 "and the service's history starts again. `reapply`: ours are set again."},
            words<OnDrift>({{"accept", OnDrift::accept}, {"reapply", OnDrift::reapply}}),
            [](auto& at) -> auto& { return at.deployment.on_drift; }),
        general(
            {.path = "deployment.write_override",
             .about = "A file for Compose that is kept up to date with today's limits, for `docker compose "
                      "-f compose.yml -f FILE`. `{project}` in it stands for the name of each project."},
            path("the path of a file"), [](Settings& s) -> auto& { return s.deployment.write_override; }),
        overridable(
            {.path = "deployment.script",
             .fallback = "[]",
             .about = "The program for the strategy `script`, as a list without a shell; service, CPU and "
                      "memory are added as arguments."},
            argv(), [](auto& at) -> auto& { return at.deployment.script; }),
    };
}

}  // namespace

Keys deployment_keys() {
    Keys keys{
        overridable(
            {.path = "deployment.strategy",
             .fallback = "blue_green",
             .about = "`blue_green`: a second container with the new limits takes over when it is healthy. "
                      "`in_place`: the running container's limits are changed. `recreate`: stop, then start "
                      "with the new limits. `script`: `deployment.script` does it. `auto`: the first of the "
                      "first three that the service allows, `recreate` in the maintenance window only."},
            words<Strategy>({{"blue_green", Strategy::blue_green},
                             {"in_place", Strategy::in_place},
                             {"recreate", Strategy::recreate},
                             {"script", Strategy::script},
                             {"auto", Strategy::automatic}}),
            [](auto& at) -> auto& { return at.deployment.strategy; }),
        overridable(
            {.path = "deployment.share_volumes",
             .fallback = "false",
             .about = "Whether two containers of the service may have its volumes and folders to write "
                      "to at once, as `blue_green` needs it. Databases can't."},
            boolean(), [](auto& at) -> auto& { return at.deployment.share_volumes; }),
    };
    append(keys, deployment_health_keys());
    append(keys, deployment_traffic_keys());
    append(keys, afterwards_keys());
    append(keys, hook_keys());
    return keys;
}

}  // namespace rm::config
