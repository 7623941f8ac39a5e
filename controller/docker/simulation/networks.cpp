// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/networks.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "docker/simulation/digest.h"

namespace rm::docker {
namespace {

constexpr std::uint16_t gateway_number = 1;

std::string address_of(int network, std::uint16_t host) {
    return fmt::format("172.{}.{}.{}", network, host >> 8U, host & 0xffU);
}

/// The engine makes it from the address.
std::string mac_of(std::string_view address) {
    std::string mac = "02:42";
    while (!address.empty()) {
        const std::string_view part = address.substr(0, address.find('.'));
        int value = 0;
        std::from_chars(part.data(), part.data() + part.size(), value);
        mac += fmt::format(":{:02x}", value);
        address.remove_prefix(std::min(address.size(), part.size() + 1));
    }
    return mac;
}

}  // namespace

SimulatedNetworks::SimulatedNetworks() {
    (void)add("bridge");  // these are the first, so that none can be there
    for (const std::string name : {"host", "none"}) networks_[name].id = digest("network " + name);
}

Status SimulatedNetworks::add(const std::string& name) {
    if (networks_.contains(name))
        return fail(ErrorCode::conflict, "network with name {} already exists", name);
    networks_.emplace(name,
                      Network{.id = digest("network " + name), .number = next_number_, .addresses = {}});
    ++next_number_;
    return {};
}

Result<std::string> SimulatedNetworks::find(std::string_view network) const {
    const auto found = std::ranges::find_if(
        networks_, [&](const auto& one) { return one.first == network || one.second.id == network; });
    if (found == networks_.end()) return fail(ErrorCode::conflict, "network {} not found", network);
    return found->first;
}

Result<SimulatedEndpoint> SimulatedNetworks::join(const std::string& name, const ContainerId& container,
                                                  const std::string& wanted, const IsUp& is_up) {
    const auto found = networks_.find(name);
    if (found == networks_.end()) return fail(ErrorCode::conflict, "network {} not found", name);
    Network& network = found->second;
    SimulatedEndpoint endpoint{.network_id = network.id,
                               .endpoint_id = digest(container.full() + " in " + network.id)};
    if (network.number == 0) return endpoint;
    const auto holder = network.addresses.find(wanted);
    if (holder != network.addresses.end() && is_up(holder->second))
        return fail(ErrorCode::permission, "Address already in use");
    endpoint.address = wanted.empty() ? next_address(network, is_up) : wanted;
    endpoint.gateway = address_of(network.number, gateway_number);
    endpoint.mac = mac_of(endpoint.address);
    network.addresses.insert_or_assign(endpoint.address, container);
    return endpoint;
}

/// One after the other, and from the beginning when all were given.
std::string SimulatedNetworks::next_address(Network& network, const IsUp& is_up) {
    for (;;) {
        ++network.last;
        if (network.last <= gateway_number) continue;
        std::string address = address_of(network.number, network.last);
        const auto holder = network.addresses.find(address);
        if (holder == network.addresses.end() || !is_up(holder->second)) return address;
    }
}

void SimulatedNetworks::leave(const std::string& name, const ContainerId& container,
                              const SimulatedEndpoint& endpoint) {
    const auto found = networks_.find(name);
    if (found == networks_.end()) return;
    auto& addresses = found->second.addresses;
    const auto held = addresses.find(endpoint.address);
    if (held != addresses.end() && held->second == container) addresses.erase(held);
}

}  // namespace rm::docker
