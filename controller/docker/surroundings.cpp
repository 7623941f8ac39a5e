// SPDX-License-Identifier: Apache-2.0
#include "docker/surroundings.h"

#include <utility>

#include "core/ip_address.h"
#include "core/text.h"
#include "docker/json.h"
#include "docker/read.h"

namespace rm::docker {
namespace {

using JsonObject = boost::json::object;

Status read_addresses_of(Surroundings& surroundings, const JsonObject& document) {
    const auto settings = object_at(document, "NetworkSettings");
    if (!settings) return fail(settings.error());
    const auto networks = object_at(**settings, "Networks");
    if (!networks) return fail(networks.error());
    for (const auto& [network, value] : **networks) {
        const auto endpoint = object_at(**networks, network);
        if (!endpoint) return fail(endpoint.error());
        for (const std::string_view name : {"IPAddress", "GlobalIPv6Address"}) {
            auto address = text_or_empty(**endpoint, name);
            if (!address) return fail(address.error());
            if (!address->empty() && !is_ipv4(*address) && !is_ipv6(*address))
                return fail(ErrorCode::protocol, "{} {} is none", name, quoted(*address));
            if (!address->empty())
                surroundings.addresses.push_back(
                    {.network = std::string(network), .address = *std::move(address)});
        }
    }
    return {};
}

Status read_mounts_of(Surroundings& surroundings, const JsonObject& document, const JsonObject& host) {
    const auto in_memory = object_at(host, "Tmpfs");
    if (!in_memory) return fail(in_memory.error());
    for (const auto& [target, options] : **in_memory)
        surroundings.mounts.push_back({.target = std::string(target), .in_memory = true});
    const boost::json::value* mounts = member(document, "Mounts");
    if (mounts == nullptr) return {};
    if (!mounts->is_array()) return fail(ErrorCode::protocol, "Mounts is not a list");
    for (const boost::json::value& one : mounts->get_array()) {
        const auto mount = object_of(one, "a mount");
        if (!mount) return fail(mount.error());
        const auto type = text_or_empty(**mount, "Type");
        if (!type) return fail(type.error());
        auto target = text_or_empty(**mount, "Destination");
        if (!target) return fail(target.error());
        surroundings.mounts.push_back({.target = *std::move(target), .in_memory = *type == "tmpfs"});
    }
    return {};
}

}  // namespace

Result<Surroundings> read_surroundings(std::string_view document) {
    const auto object = parse_object(document, longest_answer, "the container");
    if (!object) return fail(object.error());
    const auto host = object_at(*object, "HostConfig");
    if (!host) return fail(host.error());
    auto mode = text_or_empty(**host, "NetworkMode");
    if (!mode) return fail(mode.error());
    Surroundings surroundings{.network_mode = *std::move(mode), .addresses = {}, .mounts = {}};
    if (auto done = read_addresses_of(surroundings, *object); !done) return fail(std::move(done).error());
    if (auto done = read_mounts_of(surroundings, *object, **host); !done)
        return fail(std::move(done).error());
    return surroundings;
}

const MountPoint* mount_of(const Surroundings& surroundings, std::string_view path) {
    const MountPoint* found = nullptr;
    for (const MountPoint& mount : surroundings.mounts) {
        std::string_view target = mount.target;
        while (target.ends_with('/')) target.remove_suffix(1);
        const bool inside =
            path.starts_with(target) && (path.size() == target.size() || path[target.size()] == '/');
        if (inside && (found == nullptr || mount.target.size() > found->target.size())) found = &mount;
    }
    return found;
}

}  // namespace rm::docker
