// SPDX-License-Identifier: Apache-2.0
// Ports for daemons that can't choose one themselves.
#pragma once

#include <cstdint>
#include <functional>

#include <sys/types.h>

#include "core/result.h"
#include "tests/lab/peer_process.h"

namespace rm::lab {

/// A port of 127.0.0.1 that was free a moment ago.
Result<std::uint16_t> free_port();

/// Whether the process itself, not somebody else who was quicker, listens on this TCP port, in its own
/// network.
bool listens_on(pid_t pid, std::uint16_t port);

struct OnPort {
    PeerProcess process;
    std::uint16_t port = 0;
};

/// Starts what `program` makes of a free port and waits until it listens there and `ready` (which gets the
/// port) says yes. When somebody else took the port in between, it tries another one.
Result<OnPort> start_on_free_port(const std::function<Program(std::uint16_t)>& program,
                                  const std::function<bool(std::uint16_t)>& ready,
                                  Duration deadline = std::chrono::seconds(30));

}  // namespace rm::lab
