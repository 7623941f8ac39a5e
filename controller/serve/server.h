// SPDX-License-Identifier: Apache-2.0
// Server: HTTP/1.1 on one port. One I/O thread does everything but the handlers that asked for a worker.
// Nothing a client sends can make it use more than its options allow; when it is full it drops whoever has
// kept it waiting longest, so that /health and /metrics answer while somebody holds hundreds of slow
// connections.
#pragma once

#include <cstdint>
#include <memory>

#include "core/duration.h"
#include "core/result.h"
#include "serve/options.h"
#include "serve/route.h"
#include "telemetry/metrics.h"

namespace rm::serve {

class Server {
public:
    /// Listens and serves. `metrics` must outlive the server.
    static Result<std::unique_ptr<Server>> start(Options options, Routes routes, telemetry::Metrics& metrics);

    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    Server(Server&&) = delete;
    Server& operator=(Server&&) = delete;

    /// As `stop` with no time to spare.
    ~Server();

    [[nodiscard]] std::uint16_t port() const;

    /// Accepts no more, drops idle connections, lets requests under way finish until the deadline, then drops
    /// them too and asks their handlers to stop. Returns when all threads have ended. May be called again.
    void stop(Duration deadline);

private:
    class Loop;
    explicit Server(std::unique_ptr<Loop> loop);

    std::unique_ptr<Loop> loop_;
};

}  // namespace rm::serve
