// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/relay.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <utility>

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rm::lab {

namespace {

/// Makes the close of a broken pair look broken to whoever is left: a reset, not an end.
void reset_on_close(int socket) {
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

short events_of(bool connecting, bool want_read, bool want_write) {
    if (connecting) return 0;
    return static_cast<short>((want_read ? POLLIN : 0) | (want_write ? POLLOUT : 0));
}

}  // namespace

Relay::Relay(Descriptor listener, const sockaddr_in& target)
    : listener_(std::move(listener)), target_(target), stopped_(::eventfd(0, EFD_CLOEXEC)) {}

void Relay::stop() {
    const std::uint64_t one = 1;
    static_cast<void>(::write(stopped_.get(), &one, sizeof one) < 0);
}

void Relay::run() {
    while (true) {
        std::vector<pollfd> events = wanted();
        if (::poll(events.data(), events.size(), -1) < 0) continue;
        if (events[0].revents != 0) break;
        std::size_t next = 2;
        for (auto pair = pairs_.begin(); pair != pairs_.end(); next += 2) {
            const bool alive = advance(*pair, events[next].revents, events[next + 1].revents);
            pair = alive ? std::next(pair) : pairs_.erase(pair);
        }
        if (events[1].revents != 0) accept_one();
    }
    pairs_.clear();
}

void Relay::accept_one() {
    Pair pair;
    pair.near = Descriptor(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    pair.far = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!pair.near.open() || !pair.far.open()) return;
    const auto* target = reinterpret_cast<const sockaddr*>(&target_);
    if (::connect(pair.far.get(), target, sizeof target_) != 0 && errno != EINPROGRESS) {
        reset_on_close(pair.near.get());
        return;
    }
    pairs_.push_back(std::move(pair));
}

/// A descriptor that nothing is wanted of is left out (-1), or its hang-up would wake us again and again.
std::vector<pollfd> Relay::wanted() const {
    std::vector<pollfd> events{{.fd = stopped_.get(), .events = POLLIN, .revents = 0},
                               {.fd = listener_.get(), .events = POLLIN, .revents = 0}};
    for (const Pair& pair : pairs_) {
        const auto reads = [](const Way& way) { return way.waiting.empty() && !way.ended; };
        const short near = events_of(pair.connecting, reads(pair.out), !pair.back.waiting.empty());
        const short far =
            pair.connecting ? short{POLLOUT} : events_of(false, reads(pair.back), !pair.out.waiting.empty());
        events.push_back({.fd = near != 0 ? pair.near.get() : -1, .events = near, .revents = 0});
        events.push_back({.fd = far != 0 ? pair.far.get() : -1, .events = far, .revents = 0});
    }
    return events;
}

bool Relay::advance(Pair& pair, short near, short far) {
    bool well = true;
    if (pair.connecting) {
        if (far == 0) return true;
        int wrong = 0;
        socklen_t size = sizeof wrong;
        ::getsockopt(pair.far.get(), SOL_SOCKET, SO_ERROR, &wrong, &size);
        pair.connecting = false;
        well = wrong == 0;
    } else {
        well = carry(pair.near.get(), pair.far.get(), pair.out, near != 0) &&
               carry(pair.far.get(), pair.near.get(), pair.back, far != 0);
    }
    if (!well) {
        reset_on_close(pair.near.get());
        reset_on_close(pair.far.get());
    }
    return well && !(pair.out.shut && pair.back.shut);
}

bool Relay::carry(int from, int to, Way& way, bool readable) {
    if (readable && way.waiting.empty() && !way.ended) {
        std::array<char, 64UL * 1024> buffer{};
        const ssize_t got = ::recv(from, buffer.data(), buffer.size(), 0);
        if (got < 0 && errno != EAGAIN) return false;
        if (got == 0) way.ended = true;
        if (got > 0) way.waiting.assign(buffer.data(), static_cast<std::size_t>(got));
    }
    if (!way.waiting.empty()) {
        const ssize_t sent = ::send(to, way.waiting.data(), way.waiting.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) return false;
        if (sent > 0) way.waiting.erase(0, static_cast<std::size_t>(sent));
    }
    if (way.ended && way.waiting.empty() && !way.shut) {
        ::shutdown(to, SHUT_WR);
        way.shut = true;
    }
    return true;
}

}  // namespace rm::lab
