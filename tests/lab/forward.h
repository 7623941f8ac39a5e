// SPDX-License-Identifier: Apache-2.0
// Forward: a port on one side of a Space's border that leads to a port on the other side. Every byte is
// carried by one thread of this process: right for steering peers and for the program under test, not for
// measuring throughput, which a load generator inside does better. Half-closes and resets are passed on.
//
//     auto into = Forward::into(space, "172.18.0.2", 8080);   // http://127.0.0.1:{into->port()} outside
//     auto out = Forward::out_of(space, "127.0.0.1", 9093);   // 127.0.0.1:{out->port()} inside
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/result.h"
#include "tests/lab/space.h"

namespace rm::lab {

class Forward {
public:
    /// From a port of 127.0.0.1 outside to `host`:`port` inside. `host` is an IPv4 address.
    static Result<Forward> into(const Space& space, const std::string& host, std::uint16_t port);

    /// From a port inside, on all its addresses (so that containers reach it at their gateway's), to
    /// `host`:`port` outside.
    static Result<Forward> out_of(const Space& space, const std::string& host, std::uint16_t port);

    Forward(Forward&&) noexcept;
    Forward& operator=(Forward&&) noexcept;
    Forward(const Forward&) = delete;
    Forward& operator=(const Forward&) = delete;
    ~Forward();

    [[nodiscard]] std::uint16_t port() const;

    /// "http://127.0.0.1:41234"
    [[nodiscard]] std::string url() const;

private:
    struct State;
    explicit Forward(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace rm::lab
