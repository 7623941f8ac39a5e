// SPDX-License-Identifier: Apache-2.0
// SimulatedPorts: which container has which port of the host. A port is free again when its container no
// longer runs. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/names.h"
#include "core/result.h"

namespace rm::docker {

/// A port on the host that leads into a container.
struct HostPort {
    std::string protocol;        // `tcp`
    std::string container_port;  // `80/tcp`
    std::string address;         // of the host; empty: all
    std::uint16_t port = 0;      // 0: any that is free

    friend bool operator==(const HostPort&, const HostPort&) = default;
};

class SimulatedPorts {
public:
    using IsUp = std::function<bool(const ContainerId&)>;

    /// The ports as they are bound. `conflict`, and none is, when one is taken.
    Result<std::vector<HostPort>> take(const ContainerId& container, std::vector<HostPort> wanted,
                                       const IsUp& is_up);
    void give_back(const ContainerId& container);

private:
    [[nodiscard]] bool is_free(const HostPort& port, const ContainerId& container, const IsUp& is_up) const;

    std::map<ContainerId, std::vector<HostPort>> taken_;
    std::uint16_t next_ = 32768;
};

}  // namespace rm::docker
