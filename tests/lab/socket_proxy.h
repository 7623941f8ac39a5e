// SPDX-License-Identifier: Apache-2.0
// SocketProxy: HAProxy before an engine's socket with the rules of the well-known docker-socket-proxy image.
// A part of the API is open when the variable named after it is on; without POST only GET and HEAD pass; what
// is refused gets 403 with a body of HTML. Movable; the destructor stops it.
//
//     auto proxy = SocketProxy::start(engine, {.on = {"CONTAINERS", "POST"}});
//     ... "tcp://127.0.0.1:" + std::to_string(proxy->port()) ...
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "core/duration.h"
#include "core/result.h"
#include "tests/lab/engine.h"
#include "tests/lab/temp_folder.h"
#include "tests/lab/web_peer.h"

namespace rm::lab {

struct ProxyRules {
    /// POST (any other method than GET and HEAD), and the parts of the API: CONTAINERS, IMAGES, NETWORKS,
    /// INFO, EXEC, VOLUMES, BUILD, SERVICES, ... Single actions: ALLOW_START, ALLOW_STOP, ALLOW_RESTARTS,
    /// with POST.
    std::set<std::string> on = {};
    /// On unless named here: EVENTS, PING, VERSION.
    std::set<std::string> off = {};
    /// When a connection that says nothing is cut; not those to /events.
    Duration silence = std::chrono::minutes(10);
};

class SocketProxy {
public:
    static Result<SocketProxy> start(const Engine& engine, const ProxyRules& rules = {});

    [[nodiscard]] std::string url() const { return peer_.url(); }
    /// For DOCKER_HOST: "tcp://127.0.0.1:41234".
    [[nodiscard]] std::string host() const;
    [[nodiscard]] std::uint16_t port() const { return peer_.port(); }
    /// For SIGSTOP, SIGKILL and the like.
    [[nodiscard]] PeerProcess& process() { return peer_.process(); }
    /// After `process().stop()`: the same address and rules.
    Status start_again() { return peer_.start_again(); }

private:
    SocketProxy(TempFolder folder, WebPeer peer);

    TempFolder folder_;
    WebPeer peer_;
};

/// HAProxy's configuration for these rules; an error names a variable that there isn't.
Result<std::string> proxy_configuration(const ProxyRules& rules, const std::string& socket,
                                        std::uint16_t port);

}  // namespace rm::lab
