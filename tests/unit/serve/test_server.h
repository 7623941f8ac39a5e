// SPDX-License-Identifier: Apache-2.0
// TestServer: a server on a free port with the management routes and a few that make tests possible: /echo
// gives the body back, /big a large text, /slow waits on a worker until `open_gate`, /guarded needs the token
// "t".
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "core/clock.h"
#include "serve/health.h"
#include "serve/server.h"
#include "telemetry/metrics.h"

namespace rm::serve {

class TestServer {
public:
    explicit TestServer(Options options = {});
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;
    TestServer(TestServer&&) = delete;
    TestServer& operator=(TestServer&&) = delete;
    ~TestServer();

    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    void stop(Duration deadline) { server_->stop(deadline); }

    /// Waits until `count` requests for /slow are in their handlers.
    void wait_until_inside(int count);
    /// Lets /slow answer.
    void open_gate();

    /// The value of a series as /metrics shows it, or -1: `name{label="value"}`.
    [[nodiscard]] double metric(const std::string& series) const;
    /// Waits until a series has at least this value; false if it does not get there.
    [[nodiscard]] bool metric_reaches(const std::string& series, double value) const;

private:
    Response slow(const Request& request);

    SystemClock clock_;
    HealthBoard board_{clock_};
    telemetry::Metrics metrics_;
    std::mutex mutex_;
    std::condition_variable changed_;
    int inside_ = 0;
    bool open_ = false;
    std::unique_ptr<Server> server_;
};

}  // namespace rm::serve
