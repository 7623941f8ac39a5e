// SPDX-License-Identifier: Apache-2.0
// Connections without TLS to a TCP port or a unix socket: whether somebody listens there, and one question
// with its answer. Each call ends in its time, and within milliseconds of a stop, looking up a name included.
// Errors: `unavailable` (nobody listens, the name is unknown, the connection broke), `permission`, `timeout`,
// `cancelled`, `too_large`. They say who was asked. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/descriptor.h"
#include "core/duration.h"
#include "core/result.h"

namespace rm::net {

struct SocketAddress {
    std::string host;  // a name or an IP address, without brackets
    std::uint16_t port = 0;
    std::string path = {};  // of a unix socket, which then is meant

    friend bool operator==(const SocketAddress&, const SocketAddress&) = default;
};

/// `tcp://haproxy:9999`, `tcp://[::1]:9999`, `unix:///run/haproxy/admin.sock`
Result<SocketAddress> read_socket_address(std::string_view text);
std::string print(const SocketAddress& address);

/// A connection, which does not block.
Result<Descriptor> connect_to(const SocketAddress& address, Duration within, const std::stop_token& stop);

/// All that comes back until the other side ends the connection.
Result<std::string> ask_once(const SocketAddress& address, std::string_view question, Duration within,
                             const std::stop_token& stop, std::size_t most = std::size_t{4} << 20);

}  // namespace rm::net
