// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "docker/clone_guard_parts.h"
#include "docker/exact_json.h"
#include "docker/json.h"
#include "docker/read.h"

namespace rm::docker::guard {
namespace {

namespace json = boost::json;

bool is_absent(const json::value* /*unused*/, const json::value* green) {
    return green == nullptr;
}

/// All of them but the container's id, and none at all where the engine takes none.
bool aliases_agree(const Case& with, std::string_view network, const json::value* blue,
                   const json::value* green) {
    json::array expected;
    if (blue != nullptr && blue->is_array() && network != "bridge")
        std::ranges::copy_if(blue->get_array(), std::back_inserter(expected), [&](const json::value& alias) {
            return !is_text(&alias, text_in(with.document, "Id").substr(0, 12));
        });
    if (expected.empty()) return is_empty(green);
    return green != nullptr && *green == json::value(expected);
}

bool addresses_agree(const Case& with, const json::value* blue, const json::value* green) {
    if (!same(blue, green)) return false;
    if (with.wanted.keep_addresses || green == nullptr) return true;
    return green->is_object() && std::ranges::all_of(green->get_object(), [](const auto& address) {
               return address.value().is_null() || is_empty(&address.value());
           });
}

Status check_endpoint(const Case& with, std::string_view network, const json::value* blue,
                      const json::object& green) {
    static const json::object none;
    Rules rules{
        {"Aliases", [&](const json::value* before,
                        const json::value* after) { return aliases_agree(with, network, before, after); }},
        {"IPAMConfig", [&](const json::value* before,
                           const json::value* after) { return addresses_agree(with, before, after); }},
        {"Links", &same_links},
    };
    for (const std::string_view shown :
         {"NetworkID", "EndpointID", "Gateway", "IPAddress", "IPPrefixLen", "IPv6Gateway",
          "GlobalIPv6Address", "GlobalIPv6PrefixLen", "MacAddress", "DNSNames"})
        rules.emplace(shown, &is_absent);
    const json::object& before = blue != nullptr && blue->is_object() ? blue->get_object() : none;
    return compare(before, green, rules, fmt::format("the network {}", printable(network)));
}

/// Every endpoint that green will have, from the request that creates it and from those that follow.
Result<json::object> all_endpoints(const json::object& at_create, const NewContainer& made) {
    if (at_create.size() > (at_create.contains("EndpointsConfig") ? 1U : 0U))
        return refuse("NetworkingConfig");
    json::object endpoints = object_in(at_create, "EndpointsConfig");
    for (const NetworkToJoin& one : made.networks) {
        auto endpoint = parse_exactly(one.endpoint, longest_answer);
        if (!endpoint) return fail(endpoint.error());
        if (!endpoints.emplace(one.network, *std::move(endpoint)).second) return refuse("its networks");
    }
    return endpoints;
}

}  // namespace

Status check_networks(const Case& with, const json::object& at_create, const NewContainer& made) {
    const auto green = all_endpoints(at_create, made);
    if (!green) return fail(green.error());
    const std::string_view mode = text_in(object_in(with.document, "HostConfig"), "NetworkMode");
    const bool has_none = mode == "host" || mode == "none" || mode.starts_with("container:");
    if (has_none) return green->empty() ? Status() : refuse("its networks");
    const json::object& blue = object_in(object_in(with.document, "NetworkSettings"), "Networks");
    if (green->size() != blue.size()) return refuse("its networks");
    for (const auto& [name, endpoint] : *green) {
        if (!blue.contains(name) || !endpoint.is_object()) return refuse("its networks");
        if (auto done = check_endpoint(with, name, member(blue, name), endpoint.get_object()); !done)
            return done;
    }
    return {};
}

}  // namespace rm::docker::guard
