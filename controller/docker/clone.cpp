// SPDX-License-Identifier: Apache-2.0
#include "docker/clone.h"

#include <algorithm>

#include "core/text.h"
#include "docker/clone_parts.h"
#include "docker/exact_json.h"
#include "docker/json.h"
#include "docker/read.h"
#include "docker/read_parts.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

Status check_wanted(const CloneWanted& wanted) {
    if (!is_container_name(wanted.name))
        return fail(ErrorCode::invalid, "{} is not a container's name", quoted(wanted.name));
    for (const auto& [label, value] : wanted.labels)
        if (!label.starts_with(internal_labels))
            return fail(ErrorCode::invalid, "the label {} is not ours", quoted(label));
    return {};
}

/// A part that no container is without.
Result<const json::object*> part_of(const json::object& document, std::string_view name) {
    auto part = object_at(document, name);
    if (part && (*part)->empty()) return fail(ErrorCode::protocol, "{} is missing", name);
    return part;
}

Result<const json::array*> array_at(const json::object& object, std::string_view name) {
    static const json::array none;
    const json::value* found = member(object, name);
    if (found == nullptr) return &none;
    if (!found->is_array()) return fail(ErrorCode::protocol, "{} is not a list", name);
    return &found->get_array();
}

Result<Blueprint> read_blueprint(const json::object& document) {
    const auto id_text = text_at(document, "Id");
    if (!id_text) return fail(id_text.error());
    const auto id = read_id(*id_text);
    if (!id) return fail(id.error());
    const auto platform = text_or_empty(document, "Platform");
    if (!platform) return fail(platform.error());
    if (*platform == "windows") return fail(ErrorCode::unsupported, "containers of Windows can't be cloned");
    const auto config = part_of(document, "Config");
    if (!config) return fail(config.error());
    const auto host = part_of(document, "HostConfig");
    if (!host) return fail(host.error());
    const auto settings = part_of(document, "NetworkSettings");
    if (!settings) return fail(settings.error());
    const auto networks = object_at(**settings, "Networks");
    if (!networks) return fail(networks.error());
    const auto mounts = array_at(document, "Mounts");
    if (!mounts) return fail(mounts.error());
    const auto mode = text_or_empty(**host, "NetworkMode");
    if (!mode) return fail(mode.error());
    return Blueprint{
        .id = id->full(), .config = **config, .host = **host, .networks = **networks, .mounts = **mounts};
}

Result<NewContainer> put_together(const Blueprint& blue, const CloneWanted& wanted) {
    auto body = clone_config(blue, wanted);
    if (!body) return fail(body.error());
    auto host = clone_host_config(blue, wanted);
    if (!host) return fail(host.error());
    auto networks = clone_networks(blue, wanted);
    if (!networks) return fail(networks.error());
    for (const std::string_view taken : {"HostConfig", "NetworkingConfig"})
        if (body->contains(taken)) return fail(ErrorCode::protocol, "Config has a member {}", taken);
    (*body)["HostConfig"] = *std::move(host);
    (*body)["NetworkingConfig"] = json::object{{"EndpointsConfig", std::move(networks->at_create)}};
    return NewContainer{
        .name = wanted.name, .body = json::serialize(*body), .networks = std::move(networks->afterwards)};
}

}  // namespace

std::string_view Blueprint::network_mode() const {
    const json::value* mode = member(host, "NetworkMode");
    return mode == nullptr ? std::string_view() : std::string_view(mode->get_string());
}

Result<NewContainer> clone(std::string_view document, const CloneWanted& wanted) {
    if (const auto done = check_wanted(wanted); !done) return fail(done.error());
    const auto value = parse_exactly(document, longest_answer);
    if (!value) return fail(value.error());
    const auto object = object_of(*value, "the container");
    if (!object) return fail(object.error());
    const auto blue = read_blueprint(**object);
    if (!blue) return fail(blue.error());
    return put_together(*blue, wanted);
}

}  // namespace rm::docker
