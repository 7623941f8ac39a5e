// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"
#include "docker/clone_parts.h"
#include "docker/json.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

constexpr std::string_view default_network = "bridge";

/// What a running container was given, as opposed to what was asked for.
constexpr std::array operational{"NetworkID",   "EndpointID",         "Gateway",  "IPAddress",
                                 "IPPrefixLen", "IPv6Gateway",        "DNSNames", "GlobalIPv6Address",
                                 "MacAddress",  "GlobalIPv6PrefixLen"};

Status settle_aliases(const Blueprint& blue, std::string_view network, json::object& endpoint) {
    const json::value* aliases = member(endpoint, "Aliases");
    if (aliases == nullptr) return {};
    if (!aliases->is_array()) return fail(ErrorCode::protocol, "Aliases is not a list");
    json::array kept;
    for (const json::value& alias : aliases->get_array())
        if (!alias.is_string() || alias.get_string() != blue.brief_id()) kept.push_back(alias);
    if (kept.empty() || network == default_network)  // which refuses them
        endpoint.erase("Aliases");
    else
        endpoint["Aliases"] = std::move(kept);
    return {};
}

Status check_addresses(const json::object& endpoint) {
    const auto wanted = object_at(endpoint, "IPAMConfig");
    if (!wanted) return fail(wanted.error());
    for (const auto& [name, address] : **wanted) {
        const bool is_empty = address.is_null() || (address.is_string() && address.get_string().empty()) ||
                              (address.is_array() && address.get_array().empty());
        if (!is_empty)
            return fail(ErrorCode::unsupported, "IPAMConfig: two containers can't have the address {}",
                        printable(json::serialize(address)));
    }
    return {};
}

Result<json::object> clone_endpoint(const Blueprint& blue, const CloneWanted& wanted,
                                    std::string_view network, const json::value& value) {
    const auto before = value.is_null() ? Result<const json::object*>(nullptr) : object_of(value, "it");
    if (!before) return fail(before.error());
    json::object endpoint;
    if (*before != nullptr) endpoint = **before;
    for (const std::string_view name : operational) endpoint.erase(name);
    if (const auto done = settle_aliases(blue, network, endpoint); !done) return fail(done.error());
    if (const auto done = clone_links(endpoint, "Links"); !done) return fail(done.error());
    if (!wanted.keep_addresses)
        if (const auto done = check_addresses(endpoint); !done) return fail(done.error());
    return endpoint;
}

/// The network that NetworkMode names, by its name or its id; end() when the container is not in it.
json::object::const_iterator find_own_network(const Blueprint& blue) {
    const std::string_view mode = blue.network_mode();
    const std::string_view name = mode.empty() || mode == "default" ? default_network : mode;
    if (const auto* const found = blue.networks.find(name); found != blue.networks.end()) return found;
    return std::ranges::find_if(blue.networks, [&](const auto& one) {
        if (!one.value().is_object()) return false;
        const json::value* id = member(one.value().get_object(), "NetworkID");
        return id != nullptr && id->is_string() && id->get_string() == mode;
    });
}

}  // namespace

Result<ClonedNetworks> clone_networks(const Blueprint& blue, const CloneWanted& wanted) {
    ClonedNetworks result;
    const std::string_view mode = blue.network_mode();
    if (mode == "host" || mode == "none" || blue.is_network_guest()) return result;
    const auto* const own = find_own_network(blue);
    if (own == blue.networks.end())
        return fail(ErrorCode::unsupported,
                    "it is not in the network {} of its HostConfig.NetworkMode any more", quoted(mode));
    for (const auto* network = blue.networks.begin(); network != blue.networks.end(); ++network) {
        const std::string_view name = network->key();
        auto endpoint = clone_endpoint(blue, wanted, name, network->value());
        if (!endpoint) return fail(endpoint.error().with_prefix(fmt::format("network {}", quoted(name))));
        if (network == own || wanted.api >= networks_at_create)
            result.at_create.emplace(name, *std::move(endpoint));
        else
            result.afterwards.push_back(
                {.network = std::string(name), .endpoint = json::serialize(*endpoint)});
    }
    return result;
}

}  // namespace rm::docker
