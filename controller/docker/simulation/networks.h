// SPDX-License-Identifier: Apache-2.0
// SimulatedNetworks: the networks of the simulated engine and the addresses that containers have in them. An
// address is free again when its container no longer runs. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "core/names.h"
#include "core/result.h"

namespace rm::docker {

/// How a container is in a network; without an address in those that have none.
struct SimulatedEndpoint {
    std::string network_id = {};
    std::string endpoint_id = {};
    std::string address = {};
    std::string gateway = {};
    std::string mac = {};
};

class SimulatedNetworks {
public:
    /// Whether a container holds on to its addresses.
    using IsUp = std::function<bool(const ContainerId&)>;

    static constexpr int prefix_length = 16;

    /// With the engine's own: bridge, host and none.
    SimulatedNetworks();

    /// `conflict` when there is one.
    Status add(const std::string& name);

    /// The name of the network that is called so or has that id; `conflict` where there is none, as the
    /// port has it.
    [[nodiscard]] Result<std::string> find(std::string_view network) const;

    /// `wanted` is an address or empty. `conflict` when there is no such network, `permission` when the
    /// address is taken, as the engine has it.
    Result<SimulatedEndpoint> join(const std::string& name, const ContainerId& container,
                                   const std::string& wanted, const IsUp& is_up);
    /// Nothing happens where another container has that address by now.
    void leave(const std::string& name, const ContainerId& container, const SimulatedEndpoint& endpoint);

private:
    struct Network {
        std::string id;
        int number = 0;  // the second part of its addresses; 0: it has none
        std::uint16_t last = 1;
        std::map<std::string, ContainerId, std::less<>> addresses;
    };

    static std::string next_address(Network& network, const IsUp& is_up);

    std::map<std::string, Network, std::less<>> networks_;
    int next_number_ = 17;
};

}  // namespace rm::docker
