// SPDX-License-Identifier: Apache-2.0
#include "docker/simulated_engine.h"
#include "tests/unit/docker/done.h"
#include "tests/unit/docker/engine_peer.h"

namespace rm::docker::test {
namespace {

class SimulatedPeer final : public EnginePeer {
public:
    explicit SimulatedPeer(int cgroup_version) : engine_(clock_, host(cgroup_version)) {}

    Engine& engine() override { return engine_; }

    WallTime now() override {
        clock_.advance(std::chrono::seconds(1));
        return clock_.now().wall;
    }

    ContainerId run(const std::string& name, const Labels& labels, const Limits& limits) override {
        const auto load = [](WallTime, Duration) {
            return Demand{
                .cpu = Cores::from_nanos(10'000'000), .memory = Bytes::mebi(4), .file_cache = Bytes(1)};
        };
        auto id = engine_.run({.name = name, .program = {.load = load}, .labels = labels, .limits = limits})
                      .value();
        clock_.advance(std::chrono::seconds(1));
        return id;
    }

    void kill(const ContainerId& id) override { done(engine_.kill(id)); }
    void remove(const ContainerId& id) override { done(engine_.wipe(id)); }

    std::string image() override { return "simulated/workload:1"; }
    void make_network(const std::string& /*unused*/) override {}
    void wait_until_up(const ContainerId& /*unused*/) override {}
    void crash(const ContainerId& id, int exit_code) override { done(engine_.crash(id, exit_code)); }
    void use_memory(const ContainerId& id, Bytes bytes) override {
        done(engine_.set_load(id, [bytes](WallTime, Duration) {
            return Demand{.cpu = Cores::from_nanos(10'000'000), .memory = bytes, .file_cache = Bytes(0)};
        }));
    }
    void pass_time(Duration duration) override { clock_.advance(duration); }

private:
    static SimulatedHost host(int cgroup_version) {
        SimulatedHost host;
        host.cgroup_version = cgroup_version;
        return host;
    }

    VirtualClock clock_;
    SimulatedEngine engine_;
};

PeerCase simulated(int cgroup_version) {
    return {.name = "simulated_v" + std::to_string(cgroup_version),
            .require = [] {},
            .start = [cgroup_version] { return std::make_unique<SimulatedPeer>(cgroup_version); }};
}

}  // namespace

std::vector<PeerCase> engine_peers() {
    return {simulated(1), simulated(2)};
}

}  // namespace rm::docker::test
