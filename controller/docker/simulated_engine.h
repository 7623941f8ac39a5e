// SPDX-License-Identifier: Apache-2.0
// SimulatedEngine: a Docker Engine in memory, on a clock that may run as fast as it likes. Its containers use
// CPU and memory as their loads say, are throttled at their limits, are killed when they need more memory
// than they may have and come back by their restart policy; it tells the same events as the real engine and
// forgets all but the last 256. Same port, same errors, same contract test.
//
// Any number of threads may call it. Loads and faults are called with a lock held: they must not call back.
// The clock must outlive it. Whoever follows events looks at the clock some fifty times a second.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "core/clock.h"
#include "docker/engine.h"
#include "docker/simulated_container.h"
#include "docker/simulated_events.h"

namespace rm::docker {

struct SimulatedHost {
    std::string name = "simulation";
    Cores cpus = Cores::whole(8);
    Bytes memory = Bytes::mebi(std::int64_t{16} << 10);
    int cgroup_version = 2;
};

enum class EngineCall { ping, version, info, list, inspect, stats, events };

class SimulatedEngine final : public Engine {
public:
    explicit SimulatedEngine(Clock& clock, SimulatedHost host = {});

    Status ping(const std::stop_token& stop) override;
    Result<EngineVersion> version(const std::stop_token& stop) override;
    Result<EngineInfo> info(const std::stop_token& stop) override;
    Result<std::vector<ContainerSummary>> list(const std::stop_token& stop) override;
    Result<Container> inspect(const ContainerId& id, const std::stop_token& stop) override;
    Result<Stats> stats(const ContainerId& id, const std::stop_token& stop) override;
    Status events(const EventsWanted& wanted, const OnEvent& on_event, const std::stop_token& stop) override;

    // What happens on the host. `not_found` where there is no such container.

    /// `conflict` when the name is taken, `invalid` when it is none.
    Result<ContainerId> create(SimulatedSpec spec);
    Status start(const ContainerId& id);
    /// By people, so that it stays down.
    Status stop(const ContainerId& id);
    Status kill(const ContainerId& id);
    /// By itself; the restart policy says what then.
    Status crash(const ContainerId& id, int exit_code);
    Status run_out_of_memory(const ContainerId& id);
    /// As `docker rm --force`.
    Status remove(const ContainerId& id);
    /// In place; what is not given stays as it is. Less memory than is in use is refused under cgroup v1 and
    /// kills the container under v2.
    Status update(const ContainerId& id, const Limits& limits);
    Status set_health(const ContainerId& id, HealthState health);
    Status set_load(const ContainerId& id, Load load);

    // Trouble.

    /// Asked before each call of the port, with the container it is about or null: an error is the call's
    /// answer.
    using Faults = std::function<std::optional<Error>(EngineCall call, const ContainerId* container)>;
    void set_faults(Faults faults);
    /// Ends every stream of events, as an engine that stops does.
    void end_streams();

private:
    using Lock = std::unique_lock<std::mutex>;
    using Act = std::function<void(SimulatedContainer&)>;

    Status enter(EngineCall call, const ContainerId* container, const std::stop_token& stop) const;
    Result<SimulatedContainer*> find(const ContainerId& id);
    void settle(SimulatedContainer& container);
    void settle_all();
    void take_events(SimulatedContainer& container);
    Status act(const ContainerId& id, const Act& what);
    bool tell(Lock& lock, const std::vector<Event>& events, const OnEvent& on_event);

    Clock& clock_;
    const SimulatedHost host_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::map<ContainerId, SimulatedContainer> containers_;
    std::map<std::string, ContainerId, std::less<>> names_;
    std::vector<Event> untold_;  // of containers that were settled alone, until all are
    SimulatedEvents log_;
    Faults faults_;
    std::uint64_t created_ = 0;
    std::uint64_t ended_streams_ = 0;
};

}  // namespace rm::docker
