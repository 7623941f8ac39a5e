// SPDX-License-Identifier: Apache-2.0
#include "net/plain_socket.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include <poll.h>
#include <sys/un.h>

#include "core/text.h"
#include "core/url.h"
#include "net/resolve.h"
#include "net/vigil.h"

namespace rm::net {
namespace {

Error failed_with(int number) {
    const bool forbidden = number == EACCES || number == EPERM;
    return {.code = forbidden ? ErrorCode::permission : ErrorCode::unavailable,
            .message = std::strerror(number)};
}

Result<std::vector<ResolvedAddress>> of_unix_socket(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return fail(ErrorCode::invalid, "this path is too long for a socket");
    std::memcpy(static_cast<char*>(address.sun_path), path.data(), path.size());
    ResolvedAddress resolved{.size = sizeof address};
    std::memcpy(&resolved.bytes, &address, sizeof address);
    return std::vector{resolved};
}

Result<Descriptor> connect_one(const ResolvedAddress& address, const Vigil& vigil) {
    Descriptor made(::socket(address.bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!made.open()) return fail(failed_with(errno));
    if (::connect(made.get(), reinterpret_cast<const sockaddr*>(&address.bytes), address.size) == 0)
        return made;
    if (errno != EINPROGRESS) return fail(failed_with(errno));
    if (auto ready = vigil.wait_for(made.get(), POLLOUT); !ready) return fail(std::move(ready).error());
    int number = 0;
    socklen_t size = sizeof number;
    if (::getsockopt(made.get(), SOL_SOCKET, SO_ERROR, &number, &size) != 0) return fail(failed_with(errno));
    if (number != 0) return fail(failed_with(number));
    return made;
}

/// One address after the other, until somebody listens.
Result<Descriptor> connect_any(const SocketAddress& address, const Vigil& vigil) {
    const auto addresses =
        address.path.empty() ? resolve(address.host, address.port, vigil) : of_unix_socket(address.path);
    if (!addresses) return fail(addresses.error());
    Result<Descriptor> made = fail(ErrorCode::unavailable, "it has no address");
    for (const ResolvedAddress& one : *addresses) {
        made = connect_one(one, vigil);
        if (made || made.error().code == ErrorCode::timeout || made.error().code == ErrorCode::cancelled)
            return made;
    }
    return made;
}

Status send_all(int socket, std::string_view text, const Vigil& vigil) {
    while (!text.empty()) {
        const ssize_t sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent > 0) text.remove_prefix(static_cast<std::size_t>(sent));
        if (sent >= 0 || errno == EINTR) continue;
        if (errno != EAGAIN) return fail(failed_with(errno));
        if (auto ready = vigil.wait_for(socket, POLLOUT); !ready) return ready;
    }
    return {};
}

Result<std::string> receive_all(int socket, std::size_t most, const Vigil& vigil) {
    std::array<char, 4096> piece{};
    std::string text;
    for (;;) {
        const ssize_t got = ::recv(socket, piece.data(), piece.size(), 0);
        if (got == 0) return text;
        if (got > 0) text.append(piece.data(), static_cast<std::size_t>(got));
        if (text.size() > most) return fail(ErrorCode::too_large, "the answer is longer than {} bytes", most);
        if (got > 0 || errno == EINTR) continue;
        if (errno != EAGAIN) return fail(failed_with(errno));
        if (auto ready = vigil.wait_for(socket, POLLIN); !ready) return fail(std::move(ready).error());
    }
}

Result<std::string> converse(const SocketAddress& address, std::string_view question, const Vigil& vigil,
                             std::size_t most) {
    const auto made = connect_any(address, vigil);
    if (!made) return fail(made.error());
    if (auto sent = send_all(made->get(), question, vigil); !sent) return fail(std::move(sent).error());
    return receive_all(made->get(), most, vigil);
}

}  // namespace

Result<SocketAddress> read_socket_address(std::string_view text) {
    constexpr std::string_view tcp = "tcp://";
    const bool is_tcp = text.starts_with(tcp);
    if (!is_tcp && !text.starts_with("unix://"))
        return fail(ErrorCode::invalid, "{} starts with neither tcp:// nor unix://", quoted(text));
    const auto url =
        Url::read(is_tcp ? fmt::format("http://{}", text.substr(tcp.size())) : std::string(text));
    if (!url) return fail(url.error().with_prefix(quoted(text)));
    if (!is_tcp) return SocketAddress{.host = {}, .path = url->socket()};
    if (!url->port()) return fail(ErrorCode::invalid, "{} has no port", quoted(text));
    return SocketAddress{.host = std::string(trimmed(url->host(), "[]")), .port = *url->port()};
}

std::string print(const SocketAddress& address) {
    if (!address.path.empty()) return "unix://" + address.path;
    const bool is_ipv6 = address.host.find(':') != std::string::npos;
    return fmt::format("tcp://{}{}{}:{}", is_ipv6 ? "[" : "", address.host, is_ipv6 ? "]" : "", address.port);
}

Result<Descriptor> connect_to(const SocketAddress& address, Duration within, const std::stop_token& stop) {
    auto made = connect_any(address, Vigil(within, stop));
    if (!made) return fail(std::move(made).error().with_prefix(print(address)));
    return made;
}

Result<std::string> ask_once(const SocketAddress& address, std::string_view question, Duration within,
                             const std::stop_token& stop, std::size_t most) {
    auto answer = converse(address, question, Vigil(within, stop), most);
    if (!answer) return fail(std::move(answer).error().with_prefix(print(address)));
    return answer;
}

}  // namespace rm::net
