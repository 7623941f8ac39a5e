// SPDX-License-Identifier: Apache-2.0
// A real engine, shared by all tests: by its socket, and through the socket proxy.
#include "tests/unit/docker/lab_peer.h"

#include <map>
#include <memory>
#include <set>
#include <thread>
#include <utility>
#include <vector>

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

/// What is shared by all tests, for it takes time to start.
struct Shared {
    std::unique_ptr<lab::Engine> engine;
    std::map<std::set<std::string>, lab::SocketProxy> proxies;  // by what they allow
};

Shared& shared() {
    static Shared shared;
    return shared;
}

/// Ends it while the lab is still there.
class EndOfLab final : public testing::Environment {
public:
    void TearDown() override {
        shared().proxies.clear();
        shared().engine.reset();
    }
};

const testing::Environment* const end_of_lab = testing::AddGlobalTestEnvironment(new EndOfLab);

std::string host_of_proxy(const std::set<std::string>& allowed) {
    auto& proxies = shared().proxies;
    if (!proxies.contains(allowed))
        proxies.emplace(allowed, must(lab::SocketProxy::start(lab_engine(), {.on = allowed})));
    return proxies.at(allowed).host();
}

class LabPeer final : public EnginePeer {
public:
    /// Through a proxy that allows `allowed`; by its socket without.
    explicit LabPeer(const std::set<std::string>& allowed = {})
        : direct_(connect(lab_engine().host())),
          engine_(connect(allowed.empty() ? lab_engine().host() : host_of_proxy(allowed))) {}

    LabPeer(const LabPeer&) = delete;
    LabPeer& operator=(const LabPeer&) = delete;
    LabPeer(LabPeer&&) = delete;
    LabPeer& operator=(LabPeer&&) = delete;

    ~LabPeer() override {
        for (const ContainerSummary& one : direct_->list({}).value_or(std::vector<ContainerSummary>()))
            (void)direct_->remove(one.id, Removal::forced, {});
        for (const std::string& network : networks_) (void)lab_engine().docker({"network", "rm", network});
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
        return must(ContainerId::parse(must(lab_engine().docker(arguments)).substr(0, 64)));
    }

    void kill(const ContainerId& id) override {
        must(lab_engine().docker({"kill", id.full()}));
        must(lab_engine().docker({"wait", id.full()}));
    }
    void remove(const ContainerId& id) override { must(lab_engine().docker({"rm", "--force", id.full()})); }

    std::string image() override { return std::string(lab::workload_image); }
    void make_network(const std::string& name) override {
        must(lab_engine().docker({"network", "create", name}));
        networks_.push_back(name);
    }
    void wait_until_up(const ContainerId& id) override {
        constexpr std::chrono::milliseconds between_looks{20};
        while (!program(id).id()) pass_time(between_looks);
    }
    void crash(const ContainerId& id, int exit_code) override { program(id).crash(exit_code); }
    void use_memory(const ContainerId& id, Bytes bytes) override {
        must(program(id).set(fmt::format("memory={}", bytes.count())));
        while (must(engine_->stats(id, {})).memory_usage < bytes) pass_time(std::chrono::milliseconds(20));
    }
    void pass_time(Duration duration) override { std::this_thread::sleep_for(duration); }

private:
    static lab::Workload program(const ContainerId& id) {
        return must(lab::Workload::attach(lab_engine(), id.full()));
    }

    const std::unique_ptr<HttpEngine> direct_;
    const std::unique_ptr<HttpEngine> engine_;
    std::vector<std::string> networks_;
};

PeerCase lab_case(std::string name, std::set<std::string> allowed) {
    return {.name = std::move(name), .require = &require_lab, .start = [allowed = std::move(allowed)] {
                return std::make_unique<LabPeer>(allowed);
            }};
}

}  // namespace

lab::Engine& lab_engine() {
    auto& engine = shared().engine;
    if (!engine) {
        engine = std::make_unique<lab::Engine>(must(lab::Engine::start()));
        must(lab::load_workload(*engine));
    }
    return *engine;
}

std::unique_ptr<HttpEngine> connect(const std::string& host) {
    config::Docker docker;
    docker.host = config::Url(host);
    docker.timeout = std::chrono::seconds(20);
    return must(HttpEngine::make(docker));
}

std::vector<PeerCase> engine_peers() {
    return {lab_case("socket", {}), lab_case("proxy", {"CONTAINERS", "INFO"})};
}

std::vector<PeerCase> writable_engine_peers() {
    return {lab_case("socket", {}),
            lab_case("proxy", {"CONTAINERS", "INFO", "POST", "IMAGES", "NETWORKS", "EXEC"})};
}

}  // namespace rm::docker::test
