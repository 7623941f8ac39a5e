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
};

struct PeerCase {
    std::string name;
    std::function<void()> require;  // skips the test where the machine has no such peer
    std::function<std::unique_ptr<EnginePeer>()> start;
};

std::vector<PeerCase> engine_peers();

}  // namespace rm::docker::test
