// SPDX-License-Identifier: Apache-2.0
#include "deploy/reach.h"

#include <algorithm>
#include <utility>

#include <fmt/ranges.h>

#include "core/text.h"

namespace rm::deploy {
namespace {

std::vector<std::string> networks_in(const docker::Surroundings& surroundings) {
    std::vector<std::string> names;
    for (const docker::ContainerAddress& one : surroundings.addresses)
        if (std::ranges::find(names, quoted(one.network)) == names.end())
            names.push_back(quoted(one.network));
    return names;
}

std::string_view why_without_address(const docker::Surroundings& surroundings) {
    if (surroundings.network_mode == "host") return ": it uses the network of the host";
    if (surroundings.network_mode == "none") return ": it has no network";
    if (surroundings.network_mode.starts_with("container:")) return ": it uses another container's network";
    return "";
}

}  // namespace

Result<docker::Surroundings> surroundings_of(docker::Engine& engine, const docker::Container& container,
                                             const std::stop_token& stop) {
    const auto document = engine.document(container.id, stop);
    if (!document) return fail(document.error());
    auto surroundings = docker::read_surroundings(*document);
    if (!surroundings) return fail(std::move(surroundings).error().with_prefix(container.name));
    return surroundings;
}

Result<std::vector<std::string>> addresses_of(docker::Engine& engine, const docker::Container& container,
                                              const std::stop_token& stop) {
    const auto surroundings = surroundings_of(engine, container, stop);
    if (!surroundings) return fail(surroundings.error());
    std::vector<std::string> addresses;
    for (const docker::ContainerAddress& one : surroundings->addresses) addresses.push_back(one.address);
    return addresses;
}

Result<std::string> address_of(const docker::Surroundings& surroundings, std::span<const net::Subnet> ours,
                               const std::string& name) {
    for (const docker::ContainerAddress& one : surroundings.addresses)
        if (std::ranges::any_of(ours, [&](const net::Subnet& net) { return contains(net, one.address); }))
            return one.address;
    if (surroundings.addresses.empty())
        return fail(ErrorCode::unavailable, "{} has no address of its own{}", name,
                    why_without_address(surroundings));
    return fail(ErrorCode::unavailable,
                "{} can't be reached from here: it is in {}, where resource-manager has to be, too", name,
                fmt::join(networks_in(surroundings), " and "));
}

Result<std::string> reach(docker::Engine& engine, const docker::Container& container,
                          const std::stop_token& stop) {
    const auto surroundings = surroundings_of(engine, container, stop);
    if (!surroundings) return fail(surroundings.error());
    const auto ours = net::own_networks();
    if (!ours) return fail(ours.error());
    return address_of(*surroundings, *ours, container.name);
}

}  // namespace rm::deploy
