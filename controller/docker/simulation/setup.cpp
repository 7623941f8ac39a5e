// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/setup.h"

#include <string_view>
#include <utility>

#include "docker/json.h"
#include "docker/read_parts.h"
#include "docker/simulation/check_setup.h"
#include "docker/simulation/defaults.h"
#include "docker/simulation/merge_image.h"
#include "docker/simulation/mounts.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

constexpr std::size_t largest_body = std::size_t{1} << 20;

/// A member that is no object counts as empty.
const json::object& object_in(const json::object& object, std::string_view name) {
    static const json::object none;
    const json::value* found = member(object, name);
    return found == nullptr || !found->is_object() ? none : found->get_object();
}

/// The Config in a body is its members but for those that have their own name there.
json::object config_in(const json::object& body) {
    json::object config = overlaid(default_config(), body);
    config.erase("HostConfig");
    config.erase("NetworkingConfig");
    return config;
}

void fill_host(json::object& host, const SimulatedResources& resources) {
    if (resources.memory > 0 && resources.memory_swap == 0) host["MemorySwap"] = 2 * resources.memory;
    json::value& restart = host["RestartPolicy"];
    if (restart.is_object() && !restart.get_object().contains("MaximumRetryCount"))
        restart.get_object()["MaximumRetryCount"] = 0;
}

void fill_hostname(json::object& config, std::string_view network_mode, const ContainerId& id,
                   const SimulatedHost& host) {
    json::value& name = config["Hostname"];
    if (name.is_string() && name.get_string().empty())
        name = network_mode == "host" ? std::string_view(host.name) : id.brief();
}

/// Without networks of its own it is in the one that its mode says.
json::object endpoints_of(const json::object& body, std::string_view mode) {
    const json::object& given = object_in(object_in(body, "NetworkingConfig"), "EndpointsConfig");
    json::object endpoints;
    if (mode.starts_with("container:")) return endpoints;
    for (const auto& [network, endpoint] : given)
        endpoints[network] = endpoint.is_object() ? endpoint : json::value(json::object());
    if (endpoints.empty()) endpoints[mode == "default" ? "bridge" : mode] = json::object();
    return endpoints;
}

}  // namespace

Result<json::object> read_body(std::string_view body) {
    auto value = parse_json(body, largest_body);
    if (!value || !value->is_object()) return fail(ErrorCode::invalid, "the body is not a JSON object");
    return std::move(value->get_object());
}

Result<SimulatedSetup> make_setup(const json::object& body, const json::object& image_config,
                                  const ContainerId& id, const SimulatedHost& host) {
    SimulatedSetup setup{.config = config_in(body),
                         .host = overlaid(default_host_config(), object_in(body, "HostConfig")),
                         .endpoints = {},
                         .mounts = {}};
    const auto resources = read_limit_fields(setup.host);
    if (!resources) return fail(ErrorCode::unavailable, "{}", resources.error().message);
    if (auto checked = check_resources(*resources, host.cpus, ResourceCheck::creating); !checked)
        return fail(checked.error());
    merge_image(setup.config, image_config);
    fill_host(setup.host, *resources);
    const auto mode = text_or_empty(setup.host, "NetworkMode");
    if (!mode) return fail(ErrorCode::unavailable, "{}", mode.error().message);
    setup.endpoints = endpoints_of(body, *mode);
    if (auto checked = check_setup(setup, host.api); !checked) return fail(checked.error());
    fill_hostname(setup.config, *mode, id, host);
    setup.mounts = mounts_of(setup.config, setup.host, id);
    return setup;
}

}  // namespace rm::docker
