// SPDX-License-Identifier: Apache-2.0
// A server on the loopback that speaks just enough of PostgreSQL's protocol to let a client in, and then
// falls silent, with the connection open: as one that freezes, or a pooler whose server is away.
#pragma once

#include <atomic>
#include <cstdint>
#include <future>
#include <string>
#include <thread>

#include "core/descriptor.h"

namespace rm::store {

class SilentServer {
public:
    /// Answers so many messages: 0 none at all, 1 lets in, each further one confirms a command. On
    /// a free port when `port` is 0.
    explicit SilentServer(int answers, std::uint16_t port = 0);
    SilentServer(const SilentServer&) = delete;
    SilentServer& operator=(const SilentServer&) = delete;
    SilentServer(SilentServer&&) = delete;
    SilentServer& operator=(SilentServer&&) = delete;
    ~SilentServer();

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string url() const;
    /// Returns when a client waits in vain; false if none came.
    bool wait_until_asked();

private:
    void serve(int answers);

    Descriptor listener_;
    std::uint16_t port_ = 0;
    std::promise<void> asked_;
    std::jthread thread_;
};

}  // namespace rm::store
