// SPDX-License-Identifier: Apache-2.0
// The part of `deployment` that takes the old container out of the traffic.
#include "config/address_kinds.h"
#include "config/keys/sections.h"
#include "config/number_kinds.h"
#include "config/probe_kinds.h"
#include "config/text_kinds.h"

namespace rm::config {
namespace {

using namespace std::chrono_literals;

Keys router_keys() {
    return {
        overridable({.path = "deployment.traefik.url",
                     .about = "The API of Traefik, which is then asked whether it sends requests to the new "
                              "container before the old one goes.",
                     .privacy = Privacy::address},
                    web_address(), [](auto& at) -> auto& { return at.deployment.traefik.url; }),
        overridable({.path = "deployment.traefik.service",
                     .about = "What the service is called in Traefik, like `web@docker`; the others are not "
                              "asked about."},
                    text("the name of a service in Traefik, like web@docker"),
                    [](auto& at) -> auto& { return at.deployment.traefik.service; }),
        overridable(
            {.path = "deployment.haproxy.socket",
             .about = "The runtime API of HAProxy for `deployment.drain_by: haproxy`, a socket of level "
                      "`admin`, like `unix:///run/haproxy/admin.sock`."},
            haproxy_socket(), [](auto& at) -> auto& { return at.deployment.haproxy.socket; }),
        overridable({.path = "deployment.haproxy.backend",
                     .about = "The backend of HAProxy that has the service's containers as servers."},
                    text("the name of a backend"),
                    [](auto& at) -> auto& { return at.deployment.haproxy.backend; }),
    };
}

}  // namespace

Keys deployment_traffic_keys() {
    Keys keys{
        overridable(
            {.path = "deployment.drain_by",
             .fallback = "wait",
             .about =
                 "How the old container is taken out of the traffic before it is stopped. `wait`: by time "
                 "alone. `file`: `deployment.drain_file` appears in it, which turns its health check "
                 "unhealthy. `command`: `deployment.drain_command` runs inside it. `haproxy`: HAProxy is "
                 "told."},
            words<DrainBy>({{"wait", DrainBy::wait},
                            {"file", DrainBy::file},
                            {"command", DrainBy::command},
                            {"haproxy", DrainBy::haproxy}}),
            [](auto& at) -> auto& { return at.deployment.drain_by; }),
        overridable({.path = "deployment.drain_file",
                     .about = "The file for `file`, in a folder that the container has, like `/tmp/drain`."},
                    container_file(), [](auto& at) -> auto& { return at.deployment.drain_file; }),
        overridable(
            {.path = "deployment.drain_command",
             .fallback = "[]",
             .about = "The program for `command`, run inside the old container. `{state}` in its arguments "
                      "becomes `drain`, and `ready` when the container shall get requests again; "
                      "without it that can't be taken back."},
            argv(), [](auto& at) -> auto& { return at.deployment.drain_command; }),
        overridable(
            {.path = "deployment.drain",
             .fallback = "30s",
             .about =
                 "How long the old container goes on serving after that, at least. It is longer when its "
                 "health check, `deployment.router_delay` and `deployment.longest_request` need it to be."},
            duration(0s, 1h), [](auto& at) -> auto& { return at.deployment.drain; }),
        overridable({.path = "deployment.router_delay",
                     .fallback = "2s",
                     .about = "How long routers take until they act on a change of a container's health."},
                    duration(0s, 10min), [](auto& at) -> auto& { return at.deployment.router_delay; }),
        overridable(
            {.path = "deployment.longest_request",
             .fallback = "10s",
             .about = "How long a request may take that is under way when the last one was sent to the "
                      "old container."},
            duration(0s, 1h), [](auto& at) -> auto& { return at.deployment.longest_request; }),
    };
    for (Key& key : router_keys()) keys.push_back(std::move(key));
    return keys;
}

}  // namespace rm::config
