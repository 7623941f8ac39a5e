// SPDX-License-Identifier: Apache-2.0
// RawClient: a TCP connection to a server on loopback that sends exactly the bytes it is told to, for tests
// of what no proper HTTP client would do. Every wait is bounded by a few seconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace rm::serve {

struct RawResponse {
    int status = 0;
    std::map<std::string, std::string> headers;  // names in lower case; repeated ones joined by ", "
    std::string body;

    /// Empty if there is no such header.
    [[nodiscard]] std::string header(const std::string& name) const;
};

class RawClient {
public:
    explicit RawClient(std::uint16_t port);
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    RawClient(RawClient&& other) noexcept;
    RawClient& operator=(RawClient&&) = delete;
    ~RawClient();

    /// False when the server does not take them (any more).
    bool send(std::string_view bytes) const;
    /// Ends our direction of the connection.
    void finish_sending() const;
    /// Makes the kernel take only little of what the server sends.
    void read_nothing() const;

    /// The next response; nothing if the connection ends before it is complete. `head` expects no body.
    std::optional<RawResponse> receive(bool head = false);
    /// Everything until the server ends the connection; nothing if it does not.
    std::optional<std::string> rest();
    /// The server ends the connection, and sends nothing more.
    bool ended() { return rest() == ""; }

private:
    bool receive_some();

    int socket_;
    std::string received_;
};

/// One request on a connection of its own.
std::optional<RawResponse> ask(std::uint16_t port, std::string_view request, bool head = false);

/// "GET path HTTP/1.1", Host, `headers` (each ended by CR LF), and the empty line.
std::string get(std::string_view path, std::string_view headers = {});

}  // namespace rm::serve
