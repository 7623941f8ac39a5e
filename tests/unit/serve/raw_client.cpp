// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/serve/raw_client.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <sstream>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "core/text.h"

namespace rm::serve {
namespace {

constexpr int patience_seconds = 10;

RawResponse parse_head(const std::string& head) {
    RawResponse response;
    std::istringstream lines(head);
    std::string line;
    std::getline(lines, line);
    std::string version;
    std::istringstream(line) >> version >> response.status;
    while (std::getline(lines, line) && line.size() > 1) {
        const std::size_t colon = line.find(':');
        std::string& value = response.headers[lower(line.substr(0, colon))];
        if (!value.empty()) value += ", ";
        value += line.substr(colon + 2, line.size() - colon - 3);
    }
    return response;
}

}  // namespace

std::string RawResponse::header(const std::string& name) const {
    const auto it = headers.find(name);
    return it == headers.end() ? std::string() : it->second;
}

RawClient::RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{.tv_sec = patience_seconds, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        ::close(std::exchange(socket_, -1));
}

RawClient::RawClient(RawClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}

RawClient::~RawClient() {
    if (socket_ >= 0) ::close(socket_);
}

bool RawClient::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void RawClient::finish_sending() const {
    ::shutdown(socket_, SHUT_WR);
}

void RawClient::read_nothing() const {
    const int little = 1024;
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
}

bool RawClient::receive_some() {
    std::array<char, 65536> piece{};
    const ssize_t count = ::recv(socket_, piece.data(), piece.size(), 0);
    if (count <= 0) return false;
    received_.append(piece.data(), static_cast<std::size_t>(count));
    return true;
}

std::optional<RawResponse> RawClient::receive(bool head) {
    std::size_t end = received_.find("\r\n\r\n");
    for (; end == std::string::npos; end = received_.find("\r\n\r\n"))
        if (!receive_some()) return std::nullopt;
    RawResponse response = parse_head(received_.substr(0, end + 2));
    received_.erase(0, end + 4);
    const std::string length = response.header("content-length");
    const std::size_t size = head || length.empty() ? 0 : std::stoul(length);
    while (received_.size() < size)
        if (!receive_some()) return std::nullopt;
    response.body = received_.substr(0, size);
    received_.erase(0, size);
    return response;
}

std::optional<std::string> RawClient::rest() {
    errno = 0;
    while (receive_some()) errno = 0;
    if (errno == EAGAIN) return std::nullopt;  // our patience ended, not the connection
    return std::exchange(received_, {});
}

std::optional<RawResponse> ask(std::uint16_t port, std::string_view request, bool head) {
    RawClient client(port);
    client.send(request);
    return client.receive(head);
}

std::string get(std::string_view path, std::string_view headers) {
    std::string request = "GET ";
    request.append(path).append(" HTTP/1.1\r\nHost: localhost\r\n").append(headers).append("\r\n");
    return request;
}

}  // namespace rm::serve
