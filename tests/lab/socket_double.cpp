// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/socket_double.h"

#include <utility>

#include <sys/socket.h>

namespace rm::lab {

Result<std::unique_ptr<SocketDouble>> SocketDouble::start(const std::string& path, Respond respond) {
    auto listener = listen_on(path);
    if (!listener) return fail(listener.error());
    return std::unique_ptr<SocketDouble>(new SocketDouble(*std::move(listener), std::move(respond)));
}

SocketDouble::SocketDouble(Descriptor listener, Respond respond)
    : listener_(std::move(listener)), respond_(std::move(respond)), thread_([this] { serve(); }) {}

SocketDouble::~SocketDouble() {
    shutdown(listener_.get(), SHUT_RDWR);
}

std::vector<std::string> SocketDouble::lines() const {
    const std::scoped_lock lock(mutex_);
    return lines_;
}

void SocketDouble::serve() {
    for (;;) {
        Descriptor connection(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (connection.get() < 0) return;
        Wire wire(std::move(connection), nullptr);
        if (wire.open()) answer(wire);
    }
}

void SocketDouble::answer(Wire& wire) {
    std::string line;
    while (line.find('\n') == std::string::npos) {
        const std::string piece = wire.read();
        if (piece.empty()) return;
        line += piece;
    }
    line.resize(line.find('\n'));
    {
        const std::scoped_lock lock(mutex_);
        lines_.push_back(line);
    }
    if (const auto text = respond_(line))
        wire.write(*text);
    else
        wire.wait({});
}

}  // namespace rm::lab
