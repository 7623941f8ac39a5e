// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/ports.h"

#include <algorithm>
#include <utility>

namespace rm::docker {
namespace {

constexpr std::uint16_t first_of_any = 32768;

bool clash(const HostPort& one, const HostPort& other) {
    return one.port == other.port && one.protocol == other.protocol &&
           (one.address.empty() || other.address.empty() || one.address == other.address);
}

}  // namespace

Result<std::vector<HostPort>> SimulatedPorts::take(const ContainerId& container, std::vector<HostPort> wanted,
                                                   const IsUp& is_up) {
    for (HostPort& port : wanted) {
        if (port.port == 0) {
            do {
                port.port = next_;
                next_ = std::max(first_of_any, static_cast<std::uint16_t>(next_ + 1));
            } while (!is_free(port, container, is_up));
        } else if (!is_free(port, container, is_up)) {
            return fail(ErrorCode::conflict,
                        "driver failed programming external connectivity: Bind for {}:{} failed: port is "
                        "already allocated",
                        port.address.empty() ? "0.0.0.0" : port.address, port.port);
        }
    }
    if (!wanted.empty()) taken_.insert_or_assign(container, wanted);
    return wanted;
}

void SimulatedPorts::give_back(const ContainerId& container) {
    taken_.erase(container);
}

bool SimulatedPorts::is_free(const HostPort& port, const ContainerId& container, const IsUp& is_up) const {
    return std::ranges::none_of(taken_, [&](const auto& holder) {
        return holder.first != container &&
               std::ranges::any_of(holder.second, [&](const HostPort& held) { return clash(port, held); }) &&
               is_up(holder.first);
    });
}

}  // namespace rm::docker
