// SPDX-License-Identifier: Apache-2.0
// What decide() is told about one service: its replicas with their limits and usage, the host, and whether
// somebody paused it. Plain values.
#pragma once

#include <cstdint>
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
    Bytes memory_promised = {};        // to deployments under way, and to raises of this check that go first
};

struct Pause {
    std::optional<WallTime> until;  // nothing: until somebody resumes it
    std::string reason;
};

/// After deployments that came to nothing: until when the service is left alone.
struct Backoff {
    std::int64_t failures = 0;  // in a row
    WallTime until;
};

/// The limits that our last deployment of the service set.
struct Applied {
    std::int64_t deployment = 0;
    WallTime at;  // when it ended
    Limits limits;
    std::vector<Limits> of_replicas = {};  // where not all of them have the same
};

struct ServiceView {
    ServiceName name;
    std::vector<Replica> replicas;  // the running ones, by number
    std::optional<Host> host;       // nothing while the engine does not tell
    std::optional<Pause> pause;
    std::string under_way = {};  // "deployment 7 is under way"; then it is held, and this check counts not
    std::string refused = {};    // why none could be begun, where one was tried
    std::optional<Backoff> backoff = {};
    std::optional<Applied> applied = {};  // nothing: none is known, or it ended in between
};

}  // namespace rm::decide
