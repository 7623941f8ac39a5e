// SPDX-License-Identifier: Apache-2.0
// SocketDouble: a small real server for tests that reads one line from each connection, answers as scripted
// and ends the connection, as HAProxy's runtime API does. On a free loopback port or a unix socket.
// Thread-safe; its thread ends with it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/result.h"
#include "tests/lab/http_wire.h"

namespace rm::lab {

class SocketDouble {
public:
    /// From the line, without its end; nothing: no answer until the client goes away. Called in the double's
    /// thread, for one connection after the other.
    using Respond = std::function<std::optional<std::string>(const std::string& line)>;

    /// Where `path` is not empty, on that unix socket.
    static Result<std::unique_ptr<SocketDouble>> start(const std::string& path, Respond respond);

    SocketDouble(const SocketDouble&) = delete;
    SocketDouble& operator=(const SocketDouble&) = delete;
    SocketDouble(SocketDouble&&) = delete;
    SocketDouble& operator=(SocketDouble&&) = delete;
    ~SocketDouble();

    [[nodiscard]] std::uint16_t port() const { return port_of(listener_); }
    [[nodiscard]] std::vector<std::string> lines() const;

private:
    SocketDouble(Descriptor listener, Respond respond);
    void serve();
    void answer(Wire& wire);

    Descriptor listener_;
    Respond respond_;
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
    std::jthread thread_;
};

}  // namespace rm::lab
