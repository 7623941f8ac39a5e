// SPDX-License-Identifier: Apache-2.0
// A real engine, shared by all tests: by its socket, and through the socket proxy.
#include "tests/unit/docker/lab_peer.h"

#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "docker/http_engine.h"
#include "tests/lab/require.h"
#include "tests/lab/socket_proxy.h"
#include "tests/lab/workload_image.h"
#include "tests/unit/docker/engine_peer.h"

namespace rm::docker::test {
namespace {

using lab::must;

void require_lab() {
    RM_LAB_REQUIRE(engine, haproxy);
}

class LabPeer final : public EnginePeer {
public:
    explicit LabPeer(bool through_proxy) {
        if (through_proxy)
            proxy_.emplace(must(lab::SocketProxy::start(lab_engine(), {.on = {"CONTAINERS", "INFO"}})));
        engine_ = connect(proxy_ ? proxy_->host() : lab_engine().host());
    }

    LabPeer(const LabPeer&) = delete;
    LabPeer& operator=(const LabPeer&) = delete;
    LabPeer(LabPeer&&) = delete;
    LabPeer& operator=(LabPeer&&) = delete;

    ~LabPeer() override {
        for (const std::string& name : started_) (void)lab_engine().docker({"rm", "--force", name});
    }

    Engine& engine() override { return *engine_; }
    WallTime now() override { return std::chrono::system_clock::now(); }

    ContainerId run(const std::string& name, const Labels& labels, const Limits& limits) override {
        std::vector<std::string> arguments{"run", "--detach", "--name", name};
        for (const auto& [label, value] : labels)
            arguments.insert(arguments.end(), {"--label", fmt::format("{}={}", label, value)});
        if (limits.cpu) arguments.insert(arguments.end(), {"--cpus", print(*limits.cpu)});
        if (limits.memory)
            arguments.insert(arguments.end(), {"--memory", std::to_string(limits.memory->count())});
        arguments.emplace_back(lab::workload_image);
        started_.push_back(name);
        return must(ContainerId::parse(must(lab_engine().docker(arguments)).substr(0, 64)));
    }

    void kill(const ContainerId& id) override {
        must(lab_engine().docker({"kill", id.full()}));
        must(lab_engine().docker({"wait", id.full()}));
    }
    void remove(const ContainerId& id) override { must(lab_engine().docker({"rm", "--force", id.full()})); }

private:
    std::optional<lab::SocketProxy> proxy_;
    std::unique_ptr<HttpEngine> engine_;
    std::vector<std::string> started_;
};

std::unique_ptr<lab::Engine>& shared() {
    static std::unique_ptr<lab::Engine> engine;
    return engine;
}

/// Ends the engine while the lab is still there.
class EndOfLab final : public testing::Environment {
public:
    void TearDown() override { shared().reset(); }
};

const testing::Environment* const end_of_lab = testing::AddGlobalTestEnvironment(new EndOfLab);

}  // namespace

lab::Engine& lab_engine() {
    if (!shared()) {
        shared() = std::make_unique<lab::Engine>(must(lab::Engine::start()));
        must(lab::load_workload(*shared()));
    }
    return *shared();
}

std::unique_ptr<HttpEngine> connect(const std::string& host) {
    config::Docker docker;
    docker.host = config::Url(host);
    docker.timeout = std::chrono::seconds(20);
    return must(HttpEngine::make(docker));
}

std::vector<PeerCase> engine_peers() {
    return {
        {.name = "socket", .require = &require_lab, .start = [] { return std::make_unique<LabPeer>(false); }},
        {.name = "proxy", .require = &require_lab, .start = [] { return std::make_unique<LabPeer>(true); }}};
}

}  // namespace rm::docker::test
