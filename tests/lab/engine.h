// SPDX-License-Identifier: Apache-2.0
// Engine: a real Docker Engine (Debian's docker.io) in a Space of its own, with data of its own. Its API is a
// unix socket that works from everywhere; the addresses of its containers are reachable inside the space only
// (see Forward, and Program::inside). There is no registry and no way to the outside: images are built by
// `load_workload` or by `docker({"build", ...})` from scratch. Closing it kills every container at once,
// without their consent.
//
// One thread at a time for what changes it; the getters from any.
#pragma once

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/duration.h"
#include "core/result.h"
#include "tests/lab/peer_process.h"
#include "tests/lab/space.h"

namespace rm::lab {

struct EngineOptions {
    /// For dockerd's command line: {"--live-restore"}.
    std::vector<std::string> arguments = {};
};

class Engine {
public:
    /// Up and answering when this returns, after about a second.
    static Result<Engine> start(EngineOptions options = {});

    Engine(Engine&&) noexcept;
    Engine& operator=(Engine&&) noexcept;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    ~Engine();

    /// The namespaces it runs in, for peers that must reach containers.
    [[nodiscard]] const Space& space() const;

    /// The API's socket, and the same for DOCKER_HOST: "unix:///tmp/...".
    [[nodiscard]] const std::filesystem::path& socket() const;
    [[nodiscard]] std::string host() const;

    /// Runs Debian's `docker` against it, inside, and returns what it printed.
    Result<std::string> docker(std::vector<std::string> arguments,
                               Duration deadline = std::chrono::minutes(1)) const;

    /// An environment for programs that talk to it: DOCKER_HOST and what keeps the clients quiet.
    [[nodiscard]] std::vector<std::string> environment() const;

    /// The daemon alone goes away, by SIGTERM (stopping its containers) or by SIGKILL (leaving them) ...
    void stop_daemon(int signal = SIGTERM);
    /// ... and comes back with the same data.
    Status start_daemon();

    [[nodiscard]] const PeerProcess& daemon() const;

    /// The folder under each cgroup mount that holds its containers' groups.
    [[nodiscard]] const std::string& cgroup() const;
    /// "overlay2", or "vfs" where the file system can't do that.
    [[nodiscard]] const std::string& storage_driver() const;

private:
    struct State;
    explicit Engine(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace rm::lab
