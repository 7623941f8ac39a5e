// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/workload/server.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace workload {

namespace {

constexpr std::size_t header_cap = 16UL * 1024;

[[noreturn]] void die(const char* what) {
    std::perror(what);
    std::exit(1);
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
        return lower(x) == lower(y);
    });
}

/// The value of a header in `head` (request line and headers, without the empty line); empty if there is
/// none.
std::string_view header(std::string_view head, std::string_view name) {
    while (!head.empty()) {
        const std::string_view line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(std::min(line.size() + 2, head.size()));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !equal_ignoring_case(line.substr(0, colon), name)) continue;
        std::string_view value = line.substr(colon + 1);
        while (value.starts_with(' ')) value.remove_prefix(1);
        return value;
    }
    return {};
}

std::string_view take_word(std::string_view& text) {
    const std::string_view word = text.substr(0, text.find_first_of(" \r"));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    return word;
}

void watch_for(int epoll, int operation, int descriptor, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = descriptor;
    ::epoll_ctl(epoll, operation, descriptor, &event);
}

std::string format(const Reply& reply, bool close, bool head) {
    std::string text = "HTTP/1.1 " + std::to_string(reply.status) +
                       (reply.status == 200 ? " OK" : " Refused") +
                       "\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: " +
                       std::to_string(reply.body.size()) + "\r\n";
    if (close) text += "Connection: close\r\n";
    return text + "\r\n" + (head ? std::string() : reply.body);
}

}  // namespace

Server::Server(std::uint16_t port, Answer answer)
    : answer_(std::move(answer)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    const int yes = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_ANY);
    here.sin_port = htons(port);
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0) die("bind");
    if (::listen(listener_, SOMAXCONN) != 0) die("listen");
    watch_for(epoll_, EPOLL_CTL_ADD, listener_, EPOLLIN);
}

void Server::watch(int descriptor, std::function<void()> on_readable) {
    watched_[descriptor] = std::move(on_readable);
    watch_for(epoll_, EPOLL_CTL_ADD, descriptor, EPOLLIN);
}

void Server::at(Clock::time_point when, std::function<void()> action) {
    timers_.emplace(when, std::move(action));
}

void Server::accept_all() {
    while (true) {
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (socket < 0 && errno == ECONNABORTED) continue;
        if (socket < 0) return;
        const int yes = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        connections_[socket].id = ++last_id_;
        watch_for(epoll_, EPOLL_CTL_ADD, socket, EPOLLIN);
    }
}

void Server::finish() {
    if (finishing_) return;
    // Connections that wait to be accepted would be reset with the listener.
    accept_all();
    ::close(listener_);
    leaving_ = true;
    finishing_ = true;
    std::vector<int> sockets;
    sockets.reserve(connections_.size());
    for (const auto& [socket, connection] : connections_) sockets.push_back(socket);
    for (const int socket : sockets) {
        Connection& connection = connections_[socket];
        if (!connection.busy) read(socket, connection);  // what has arrived is answered
        const auto still = connections_.find(socket);
        if (still == connections_.end()) continue;
        if (!still->second.busy && still->second.in.empty() && still->second.out.empty()) drop(socket);
    }
}

void Server::drop(int socket) {
    const auto found = connections_.find(socket);
    if (found == connections_.end()) return;
    if (found->second.busy) --in_flight_;
    connections_.erase(found);
    ::close(socket);
}

void Server::read(int socket, Connection& connection) {
    std::array<char, 16UL * 1024> buffer{};
    const ssize_t got = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) {
        drop(socket);
        return;
    }
    connection.in.append(buffer.data(), static_cast<std::size_t>(got));
    take_requests(socket, connection);
}

/// One request at a time; a pipelined one waits until the one before it is answered.
void Server::take_requests(int socket, Connection& connection) {
    const std::uint64_t id = connection.id;
    while (!connection.busy) {
        const std::size_t skipped = std::min(connection.skip, connection.in.size());
        connection.in.erase(0, skipped);
        connection.skip -= skipped;
        const auto end = connection.in.find("\r\n\r\n");
        if (connection.skip > 0 || end == std::string::npos) break;
        const std::string head = connection.in.substr(0, end + 2);
        connection.in.erase(0, end + 4);
        take_request(socket, connection, head);
        const auto still = connections_.find(socket);
        if (still == connections_.end() || still->second.id != id) return;
    }
    if (connection.in.size() > header_cap) drop(socket);
}

void Server::take_request(int socket, Connection& connection, std::string_view head) {
    std::string_view rest = head;
    Request request;
    request.method = take_word(rest);
    const std::string_view target = take_word(rest);
    const std::string_view version = take_word(rest);
    const auto mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark != std::string_view::npos) request.query = target.substr(mark + 1);

    const std::string_view length = header(head, "content-length");
    std::from_chars(length.data(), length.data() + length.size(), connection.skip);
    const std::string_view wish = header(head, "connection");
    connection.close = equal_ignoring_case(wish, "close") ||
                       (version != "HTTP/1.1" && !equal_ignoring_case(wish, "keep-alive"));
    connection.head = request.method == "HEAD";
    connection.busy = true;
    ++in_flight_;
    const std::uint64_t id = connection.id;
    Reply answer = answer_(request);
    const auto delay = answer.delay;
    if (delay.count() <= 0) {
        reply(socket, id, answer);
        return;
    }
    at(Clock::now() + delay, [this, socket, id, answer = std::move(answer)] { reply(socket, id, answer); });
}

void Server::reply(int socket, std::uint64_t id, const Reply& reply) {
    const auto found = connections_.find(socket);
    if (found == connections_.end() || found->second.id != id) return;  // the client has gone
    Connection& connection = found->second;
    connection.close = connection.close || leaving_;
    connection.out += format(reply, connection.close, connection.head);
    write(socket, connection);
}

void Server::write(int socket, Connection& connection) {
    const ssize_t sent = ::send(socket, connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) {
        drop(socket);
        return;
    }
    if (sent > 0) connection.out.erase(0, static_cast<std::size_t>(sent));
    if (!connection.out.empty()) {
        watch_for(epoll_, EPOLL_CTL_MOD, socket, EPOLLIN | EPOLLOUT);
        return;
    }
    ++answered_;
    connection.busy = false;
    --in_flight_;
    if (connection.close || (finishing_ && connection.in.empty())) {
        ::shutdown(socket, SHUT_WR);
        drop(socket);
        return;
    }
    watch_for(epoll_, EPOLL_CTL_MOD, socket, EPOLLIN);
    take_requests(socket, connection);
}

void Server::run_timers() {
    while (!timers_.empty() && timers_.begin()->first <= Clock::now()) {
        const auto action = std::move(timers_.begin()->second);
        timers_.erase(timers_.begin());
        action();
    }
}

int Server::next_wait() const {
    if (timers_.empty()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(timers_.begin()->first - Clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1'000'000));
}

void Server::run() {
    while (!finishing_ || !connections_.empty()) {
        std::array<epoll_event, 256> events{};
        const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), next_wait());
        run_timers();
        for (int i = 0; i < count; ++i) {
            const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
            const std::uint32_t what = events[static_cast<std::size_t>(i)].events;
            if (descriptor == listener_ && !finishing_) accept_all();
            if (const auto found = watched_.find(descriptor); found != watched_.end()) found->second();
            const auto found = connections_.find(descriptor);
            if (found == connections_.end()) continue;
            if ((what & EPOLLOUT) != 0) {
                write(descriptor, found->second);
            } else {
                read(descriptor, found->second);
            }
        }
    }
}

}  // namespace workload
