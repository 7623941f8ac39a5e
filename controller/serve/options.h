// SPDX-License-Identifier: Apache-2.0
// What the server listens on, how much it lets a client use of it, and whom it lets in.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/duration.h"
#include "core/secret.h"

namespace rm::serve {

struct RequestLimits {
    std::size_t header_bytes = 16U << 10U;  // request line and headers together
    std::size_t header_count = 100;
    std::size_t target_bytes = 4U << 10U;
    std::size_t body_bytes = 1U << 20U;
};

struct Timeouts {
    Duration header{std::chrono::seconds(10)};  // from the first byte to the last of the headers
    Duration body{std::chrono::seconds(30)};    // from there to the last byte of the body
    Duration idle{std::chrono::seconds(60)};    // between requests on one connection
    Duration write{std::chrono::seconds(30)};   // for the whole response
    Duration linger{std::chrono::seconds(1)};   // for the client to read a refusal while it still sends
};

struct Access {
    Secret token;                            // empty: routes that need it are off
    std::vector<std::string> allowed_hosts;  // names in Host, besides IP addresses and localhost; empty: any
    std::vector<std::string> cors_origins;   // "https://rm.example.org"; may read, and write with the token
};

/// Gives the rules of the moment. Asked for each request, from the server's threads.
using AccessNow = std::function<std::shared_ptr<const Access>()>;

/// Rules that never change.
inline AccessNow always(Access access) {
    return [rules = std::make_shared<const Access>(std::move(access))] { return rules; };
}

struct Options {
    std::string address = "127.0.0.1";  // an IP address
    std::uint16_t port = 0;             // 0: a free one
    RequestLimits limits;
    Timeouts timeouts;
    AccessNow access = always({});
    std::size_t connections = 256;
    std::size_t requests_per_connection = 1000;
    Bytes buffered = Bytes::mebi(8);  // request bodies and responses under way, of all connections together
    int workers = 2;
};

}  // namespace rm::serve
