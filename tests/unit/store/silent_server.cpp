// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/store/silent_server.h"

#include <array>
#include <string_view>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rm::store {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view no_encryption = "N"sv;
constexpr std::string_view welcome = "R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I"sv;
constexpr std::string_view done = "C\0\0\0\x08SET\0Z\0\0\0\x05I"sv;

void say(int client, std::string_view bytes) {
    EXPECT_EQ(send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
}

}  // namespace

SilentServer::SilentServer(int answers, std::uint16_t port)
    : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int on = 1;
    setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* where = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(listener_.get(), where, size), 0);
    EXPECT_EQ(getsockname(listener_.get(), where, &size), 0);
    EXPECT_EQ(listen(listener_.get(), 5), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this, answers] { serve(answers); });
}

SilentServer::~SilentServer() {
    shutdown(listener_.get(), SHUT_RDWR);
}

std::string SilentServer::url() const {
    return fmt::format("postgresql://somebody@127.0.0.1:{}/anything", port_);
}

bool SilentServer::wait_until_asked() {
    return asked_.get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready;
}

void SilentServer::serve(int answers) {
    const Descriptor client(accept(listener_.get(), nullptr, nullptr));
    if (!client.open()) return;
    std::array<char, 4096> message = {};
    int answered = 0;
    for (ssize_t size = 0; (size = recv(client.get(), message.data(), message.size(), 0)) > 0;) {
        constexpr ssize_t encryption_request = 8;
        if (answered == answers) {
            asked_.set_value();
            break;
        }
        if (size == encryption_request) {
            say(client.get(), no_encryption);
        } else {
            say(client.get(), answered++ == 0 ? welcome : done);
        }
    }
    // Holds the connection until the server ends.
    while (Descriptor(accept(listener_.get(), nullptr, nullptr)).open()) continue;
}

}  // namespace rm::store
