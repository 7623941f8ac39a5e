// SPDX-License-Identifier: Apache-2.0
// What decide() is told about one service: its replicas with their limits and usage, the host, and whether
// somebody paused it. Plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/limits.h"
#include "core/names.h"
#include "core/usage.h"

namespace rm::decide {

struct Replica {
    ContainerId id;
    std::string name;
    Limits limits;
    WallTime started_at;
    Usage usage;
};

/// What the engine's host has. Memory is taken to be used by what all of its containers use together.
struct Host {
    Cores cpus;
    Bytes memory;
    std::optional<Bytes> memory_used;  // nothing while a running container's usage is not known
};

struct Pause {
    std::optional<WallTime> until;  // nothing: until somebody resumes it
    std::string reason;
};

struct ServiceView {
    ServiceName name;
    std::vector<Replica> replicas;  // the running ones, by number
    std::optional<Host> host;       // nothing while the engine does not tell
    std::optional<Pause> pause;
};

}  // namespace rm::decide
