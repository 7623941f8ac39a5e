// SPDX-License-Identifier: Apache-2.0
// Space: network, mount and pid namespaces of their own, held open by a first process that does nothing else.
// What is started in it (Program::inside) sees its own loopback, interfaces and processes, an empty /run, and
// the machine's files; what it mounts nobody else sees. When the space closes, all of that is gone at once.
//
// The test process itself stays outside. It gets in
//   - by unix sockets, whose paths work across the border;
//   - by a Forward: a port outside for a port inside, or the other way round;
//   - by `in_network`: sockets that are opened inside, used from anywhere.
// Needs root. Movable; everything started inside must be stopped or abandoned before it closes.
#pragma once

#include <functional>
#include <memory>

#include "core/result.h"

namespace rm::lab {

class Space {
public:
    static Result<Space> open();

    Space(Space&&) noexcept;
    Space& operator=(Space&&) noexcept;
    Space(const Space&) = delete;
    Space& operator=(const Space&) = delete;
    ~Space();

    /// Kills everything inside and waits until it is gone.
    void close();

    /// Runs `work` in a thread that is in the space's network, and waits for it. Sockets it opens belong
    /// there.
    Status in_network(const std::function<void()>& work) const;

    /// Moves the calling thread into the space's network, for good.
    [[nodiscard]] Status enter_network() const;

    /// The keeper's number of it.
    [[nodiscard]] int number() const;
    /// The first process.
    [[nodiscard]] int pid() const;

private:
    struct State;
    explicit Space(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace rm::lab
