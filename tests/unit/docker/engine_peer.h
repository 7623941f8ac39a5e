// SPDX-License-Identifier: Apache-2.0
// An engine as the contract test needs it: the port, and hands on the host behind it. Each test program
// brings the peers that it has.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "docker/engine.h"

namespace rm::docker::test {

class EnginePeer {
public:
    EnginePeer() = default;
    EnginePeer(const EnginePeer&) = delete;
    EnginePeer& operator=(const EnginePeer&) = delete;
    EnginePeer(EnginePeer&&) = delete;
    EnginePeer& operator=(EnginePeer&&) = delete;
    virtual ~EnginePeer() = default;

    virtual Engine& engine() = 0;
    /// Later than everything that was done.
    virtual WallTime now() = 0;

    /// A new container that runs.
    virtual ContainerId run(const std::string& name, const Labels& labels, const Limits& limits) = 0;
    virtual void kill(const ContainerId& id) = 0;
    virtual void remove(const ContainerId& id) = 0;

    /// An image that the engine has. Its program heeds SIGTERM at once and then ends with 0; it has no stop
    /// signal of its own. `/w probe` in it says `healthy` and ends with 0; `/w bogus=1` ends with 2.
    virtual std::string image() = 0;
    /// A network of this name, besides the engine's own.
    virtual void make_network(const std::string& name) = 0;
    /// Waits until the program of a container that was started listens, to signals and otherwise.
    virtual void wait_until_up(const ContainerId& id) = 0;
    /// The program, which is up, ends by itself.
    virtual void crash(const ContainerId& id, int exit_code) = 0;
    /// The program holds this much memory from now on.
    virtual void use_memory(const ContainerId& id, Bytes bytes) = 0;
    virtual void pass_time(Duration duration) = 0;
};

struct PeerCase {
    std::string name;
    std::function<void()> require;  // skips the test where the machine has no such peer
    std::function<std::unique_ptr<EnginePeer>()> start;
};

std::vector<PeerCase> engine_peers();

/// Those that may be changed through the port, too.
std::vector<PeerCase> writable_engine_peers();

}  // namespace rm::docker::test
