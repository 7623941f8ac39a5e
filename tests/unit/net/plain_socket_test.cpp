// SPDX-License-Identifier: Apache-2.0
#include "net/plain_socket.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/lab/socket_double.h"
#include "tests/unit/net/http_fixture.h"

namespace rm::net {
namespace {

using lab::SocketDouble;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

std::optional<std::string> echo(const std::string& line) {
    return "you said " + line;
}

std::optional<std::string> nothing(const std::string& /*line*/) {
    return std::nullopt;
}

SocketAddress loopback(std::uint16_t port) {
    return {.host = "127.0.0.1", .port = port};
}

/// A port where nobody listens any more.
std::uint16_t dead_port() {
    return SocketDouble::start({}, echo).value()->port();
}

TEST(SocketAddress, is_read_and_printed) {
    for (const char* text : {"tcp://haproxy:9999", "tcp://[::1]:80", "unix:///run/haproxy/admin.sock"})
        EXPECT_EQ(print(read_socket_address(text).value()), text);
    EXPECT_EQ(read_socket_address("tcp://[::1]:80").value(), (SocketAddress{.host = "::1", .port = 80}));
    for (const char* text : {"", "haproxy:9999", "http://haproxy:9999", "tcp://haproxy", "unix://"})
        EXPECT_EQ(error_of(read_socket_address(text)).code, ErrorCode::invalid) << text;
}

TEST(PlainSocket, asks_and_hears_all_until_the_end) {
    const std::string long_answer(100'000, 'x');
    const auto peer = SocketDouble::start({}, [&](const std::string& line) {
                          return line == "long" ? long_answer : echo(line);
                      }).value();
    EXPECT_EQ(ask_once(loopback(peer->port()), "hello\n", seconds(5), {}).value(), "you said hello");
    EXPECT_EQ(ask_once(loopback(peer->port()), "long\n", seconds(5), {}).value(), long_answer);
    EXPECT_EQ(error_of(ask_once(loopback(peer->port()), "long\n", seconds(5), {}, 5000)).code,
              ErrorCode::too_large);
    EXPECT_THAT(peer->lines(), ElementsAre("hello", "long", "long"));
}

TEST(PlainSocket, asks_over_a_unix_socket) {
    const Folder folder;
    const SocketAddress address{.host = {}, .path = folder / "sock"};
    EXPECT_THAT(error_of(ask_once(address, "hello\n", seconds(5), {})).message,
                AllOf(StartsWith("unix://"), EndsWith("No such file or directory")));
    const auto peer = SocketDouble::start(address.path, echo).value();
    EXPECT_EQ(ask_once(address, "hello\n", seconds(5), {}).value(), "you said hello");
}

TEST(PlainSocket, looks_names_up) {
    const auto peer = SocketDouble::start({}, echo).value();
    EXPECT_TRUE(connect_to({.host = "localhost", .port = peer->port()}, seconds(5), {}));
    const Error unknown = error_of(connect_to({.host = "nobody.invalid", .port = 80}, seconds(20), {}));
    EXPECT_EQ(unknown.code, ErrorCode::unavailable);
    EXPECT_THAT(unknown.message, StartsWith("tcp://nobody.invalid:80: "));
}

TEST(PlainSocket, tells_that_nobody_listens) {
    const Error refused = error_of(connect_to(loopback(dead_port()), seconds(5), {}));
    EXPECT_EQ(refused.code, ErrorCode::unavailable);
    EXPECT_THAT(refused.message, EndsWith("Connection refused"));
}

TEST(PlainSocket, waits_no_longer_than_it_may) {
    DeafPeer deaf;
    deaf.fill_backlog();
    const auto address = read_socket_address("tcp://" + deaf.address()).value();
    EXPECT_THAT(error_of(connect_to(address, milliseconds(40), {})).message,
                EndsWith("no answer within 40ms"));
    const auto silent = SocketDouble::start({}, nothing).value();
    const Error error = error_of(ask_once(loopback(silent->port()), "hello\n", milliseconds(40), {}));
    EXPECT_EQ(error.code, ErrorCode::timeout);
    const SlowNames slow;
    EXPECT_EQ(error_of(connect_to({.host = "peer.slow.test", .port = 80}, milliseconds(40), {})).code,
              ErrorCode::timeout);
}

TEST(PlainSocket, ends_with_a_stop_whatever_it_waits_for) {
    const auto silent = SocketDouble::start({}, nothing).value();
    std::stop_source stop;
    const std::jthread stopper([&] {
        while (silent->lines().empty()) std::this_thread::yield();
        stop.request_stop();
    });
    const auto begun = std::chrono::steady_clock::now();
    const Error error =
        error_of(ask_once(loopback(silent->port()), "hello\n", seconds(60), stop.get_token()));
    EXPECT_EQ(error.code, ErrorCode::cancelled);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, seconds(10));
    EXPECT_EQ(error_of(connect_to(loopback(silent->port()), seconds(60), stop.get_token())).code,
              ErrorCode::cancelled);
}

TEST(PlainSocket, ends_with_a_stop_while_a_name_is_looked_up) {
    const SlowNames slow;
    std::stop_source stop;
    const std::jthread stopper([&] {
        SlowNames::wait_for_question();
        stop.request_stop();
    });
    EXPECT_EQ(
        error_of(connect_to({.host = "peer.slow.test", .port = 80}, seconds(60), stop.get_token())).code,
        ErrorCode::cancelled);
}

}  // namespace
}  // namespace rm::net
