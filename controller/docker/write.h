// SPDX-License-Identifier: Apache-2.0
// What is told to an engine that shall change something. Plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/cores.h"
#include "core/duration.h"
#include "docker/container.h"

namespace rm::docker {

struct CpuQuota {
    std::chrono::microseconds quota{};
    std::chrono::microseconds period{100'000};

    friend bool operator==(const CpuQuota&, const CpuQuota&) = default;
};

/// Limits and the restart rule of a container that is there. What is not given stays as it is. The engine
/// takes either `nano_cpus` or `cpu_quota`, whichever the container was made with.
struct Update {
    std::optional<Cores> nano_cpus = {};
    std::optional<CpuQuota> cpu_quota = {};
    std::optional<Bytes> memory = {};
    std::optional<Bytes> memory_swap = {};  // memory and swap together; always a number, never -1
    std::optional<Bytes> memory_reservation = {};
    std::optional<RestartRule> restart = {};

    friend bool operator==(const Update&, const Update&) = default;
};

enum class Removal {
    stopped,  // `conflict` when it runs
    forced    // killed first if it runs
};

/// One entry of a container's writable layer.
struct FileChange {
    enum class Kind { changed, added, deleted };
    std::string path;  // from the root: `/etc/app.conf`
    Kind kind = Kind::changed;

    friend bool operator==(const FileChange&, const FileChange&) = default;
};

/// A program to run inside a container, without a shell.
struct Exec {
    std::vector<std::string> argv;
    Duration limit{10'000};  // it is not killed then: the engine can't; but it is not waited for any longer
};

struct ExecOutcome {
    std::int64_t exit_code = 0;
    std::string output;  // both streams, cut
};

}  // namespace rm::docker
