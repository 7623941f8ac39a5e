// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/forward.h"

#include <future>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "core/text.h"
#include "tests/lab/message.h"
#include "tests/lab/relay.h"

namespace rm::lab {

namespace {

struct Listener {
    Descriptor socket;
    std::uint16_t port = 0;
};

Result<Listener> listen_on(in_addr_t address) {
    Listener listener{.socket = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))};
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(address);
    socklen_t size = sizeof here;
    auto* generic = reinterpret_cast<sockaddr*>(&here);
    const int fd = listener.socket.get();
    if (!listener.socket.open() || ::bind(fd, generic, size) != 0 || ::listen(fd, SOMAXCONN) != 0 ||
        ::getsockname(fd, generic, &size) != 0)
        return system_failure("listen on a new port");
    listener.port = ntohs(here.sin_port);
    return listener;
}

Result<sockaddr_in> address_of(const std::string& host, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
        return fail(ErrorCode::invalid, "{} is not an IPv4 address", quoted(host));
    return address;
}

}  // namespace

struct Forward::State {
    State(Listener listener, const sockaddr_in& target)
        : port(listener.port), relay(std::move(listener.socket), target) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    State(State&&) = delete;
    State& operator=(State&&) = delete;
    ~State() {
        relay.stop();
        if (thread.joinable()) thread.join();
    }

    std::uint16_t port;
    Relay relay;
    std::thread thread;
};

Forward::Forward(std::unique_ptr<State> state) : state_(std::move(state)) {}
Forward::Forward(Forward&&) noexcept = default;
Forward& Forward::operator=(Forward&&) noexcept = default;
Forward::~Forward() = default;

Result<Forward> Forward::into(const Space& space, const std::string& host, std::uint16_t port) {
    auto target = address_of(host, port);
    if (!target) return fail(target.error());
    auto listener = listen_on(INADDR_LOOPBACK);
    if (!listener) return fail(listener.error());
    auto state = std::make_unique<State>(std::move(*listener), *target);
    std::promise<Status> entered;
    state->thread = std::thread([&space, &entered, relay = &state->relay] {
        Status status = space.enter_network();
        const bool inside = status.has_value();
        entered.set_value(std::move(status));
        if (inside) relay->run();
    });
    if (Status status = entered.get_future().get(); !status) return fail(status.error());
    return Forward(std::move(state));
}

Result<Forward> Forward::out_of(const Space& space, const std::string& host, std::uint16_t port) {
    auto target = address_of(host, port);
    if (!target) return fail(target.error());
    Result<Listener> listener = fail(ErrorCode::internal, "not tried");
    if (Status entered = space.in_network([&] { listener = listen_on(INADDR_ANY); }); !entered)
        return fail(entered.error());
    if (!listener) return fail(listener.error());
    auto state = std::make_unique<State>(std::move(*listener), *target);
    state->thread = std::thread([relay = &state->relay] { relay->run(); });
    return Forward(std::move(state));
}

std::uint16_t Forward::port() const {
    return state_->port;
}
std::string Forward::url() const {
    return fmt::format("http://127.0.0.1:{}", state_->port);
}

}  // namespace rm::lab
