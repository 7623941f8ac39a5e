// SPDX-License-Identifier: Apache-2.0
// SimulatedWorld: everything there is on the simulated engine, and what the engine's calls do to it. Time
// passes for a container when somebody looks at it. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "docker/engine.h"
#include "docker/simulation/container.h"
#include "docker/simulation/host.h"
#include "docker/simulation/images.h"
#include "docker/simulation/networks.h"
#include "docker/simulation/ports.h"

namespace rm::docker {

class SimulatedWorld {
public:
    /// `clock` must outlive it.
    SimulatedWorld(Clock& clock, SimulatedHost host);

    [[nodiscard]] const SimulatedHost& host() const { return host_; }
    SimulatedImages& images() { return images_; }
    SimulatedNetworks& networks() { return networks_; }

    /// As it is now. `not_found`. Whoever changes it settles it again.
    Result<SimulatedContainer*> find(const ContainerId& id);
    /// All of them as they are now.
    std::vector<const SimulatedContainer*> all();
    void settle(SimulatedContainer& container);

    // The errors are those of the port.
    Result<ContainerId> create(const std::string& name, std::string_view body);
    Status start(SimulatedContainer& container);
    Status connect(SimulatedContainer& container, std::string_view network, std::string_view endpoint);
    Status rename(SimulatedContainer& container, const std::string& name);
    Status update(SimulatedContainer& container, const Update& update);
    Status remove(SimulatedContainer& container, Removal how);
    /// Every container ends; those whose policy says so come back.
    void restart();

    /// What happened, not in order: settle all of them before.
    std::vector<Event> take_events();
    [[nodiscard]] std::size_t events() const { return events_.size(); }

private:
    [[nodiscard]] const SimulatedContainer* named(std::string_view name_or_id) const;
    [[nodiscard]] bool is_up(const ContainerId& id) const;
    [[nodiscard]] Status check_name(const std::string& name) const;
    [[nodiscard]] Status check_joint_network(const SimulatedContainer& container) const;
    Status join(SimulatedContainer& container, const std::string& network);
    Status join_networks(SimulatedContainer& container);
    Status bind_ports(SimulatedContainer& container);
    [[nodiscard]] Status prepare(SimulatedContainer& container);
    void share_load(SimulatedContainer& container);
    void take_events(SimulatedContainer& container);
    void erase(SimulatedContainer& container);
    void sweep();

    Clock& clock_;
    const SimulatedHost host_;
    SimulatedImages images_;
    SimulatedNetworks networks_;
    SimulatedPorts ports_;
    std::map<ContainerId, SimulatedContainer> containers_;
    std::map<std::string, ContainerId, std::less<>> names_;
    std::map<std::string, std::vector<SimulatedContainer*>> sharing_;  // the replicas of services that share
    std::vector<ContainerId> over_;                                    // which remove themselves
    std::vector<Event> events_;
    std::uint64_t created_ = 0;
};

}  // namespace rm::docker
