// SPDX-License-Identifier: Apache-2.0
#include "docker/wiring.h"

#include <algorithm>

#include "docker/json.h"
#include "docker/read.h"
#include "docker/read_parts.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

Result<const json::array*> list_at(const json::object& object, std::string_view name) {
    static const json::array none;
    const json::value* found = member(object, name);
    if (found == nullptr) return &none;
    if (!found->is_array()) return fail(ErrorCode::protocol, "{} is not a list", name);
    return &found->get_array();
}

/// The texts of a list, each without what stands behind `end` and without a slash in front.
Result<std::vector<std::string>> names_at(const json::object& object, std::string_view name, char end) {
    const auto list = list_at(object, name);
    if (!list) return fail(list.error());
    std::vector<std::string> names;
    for (const json::value& one : **list) {
        if (!one.is_string()) return fail(ErrorCode::protocol, "{} has an entry that is not a text", name);
        const std::string_view text = one.get_string();
        const std::string_view before = text.substr(0, text.find(end));
        names.emplace_back(before.substr(before.starts_with('/') ? 1 : 0));
    }
    return names;
}

Status read_ports_into(Wiring& wiring, const json::object& host) {
    const auto bindings = object_at(host, "PortBindings");
    if (!bindings) return fail(bindings.error());
    for (const auto& [inside, value] : **bindings) {
        const auto list = list_at(**bindings, inside);
        if (!list) return fail(list.error());
        for (const json::value& one : **list) {
            const auto binding = object_of(one, "a port");
            if (!binding) return fail(binding.error());
            auto port = text_or_empty(**binding, "HostPort");
            if (!port) return fail(port.error());
            wiring.ports.push_back({.inside = std::string(inside), .host = *std::move(port)});
        }
    }
    return {};
}

Status read_mounts_into(Wiring& wiring, const json::object& document) {
    const auto list = list_at(document, "Mounts");
    if (!list) return fail(list.error());
    for (const json::value& one : **list) {
        const auto mount = object_of(one, "a mount");
        if (!mount) return fail(mount.error());
        const auto type = text_or_empty(**mount, "Type");
        if (!type) return fail(type.error());
        if (*type == "tmpfs") continue;  // each container has its own
        const bool is_volume = *type != "bind" && member(**mount, "Name") != nullptr;
        auto source = text_or_empty(**mount, is_volume ? "Name" : "Source");
        if (!source) return fail(source.error());
        auto target = text_or_empty(**mount, "Destination");
        if (!target) return fail(target.error());
        const auto writable = flag_at(**mount, "RW");
        if (!writable) return fail(writable.error());
        wiring.mounts.push_back({.source = *std::move(source),
                                 .target = *std::move(target),
                                 .is_volume = is_volume,
                                 .writable = *writable});
    }
    return {};
}

Status read_addresses_into(Wiring& wiring, std::string_view network, const json::object& endpoint) {
    const auto wanted = object_at(endpoint, "IPAMConfig");
    if (!wanted) return fail(wanted.error());
    const auto add = [&](std::string address) {
        if (!address.empty())
            wiring.addresses.push_back({.network = std::string(network), .address = std::move(address)});
    };
    for (const std::string_view name : {"IPv4Address", "IPv6Address"}) {
        auto address = text_or_empty(**wanted, name);
        if (!address) return fail(address.error());
        add(*std::move(address));
    }
    const auto link_local = list_at(**wanted, "LinkLocalIPs");
    if (!link_local) return fail(link_local.error());
    for (const json::value& one : **link_local)
        if (one.is_string()) add(std::string(one.get_string()));
    return {};
}

Status read_networks_into(Wiring& wiring, const json::object& document) {
    const auto settings = object_at(document, "NetworkSettings");
    if (!settings) return fail(settings.error());
    const auto networks = object_at(**settings, "Networks");
    if (!networks) return fail(networks.error());
    for (const auto& [network, value] : **networks) {
        const auto endpoint = object_at(**networks, network);
        if (!endpoint) return fail(endpoint.error());
        if (auto done = read_addresses_into(wiring, network, **endpoint); !done) return done;
        const auto links = names_at(**endpoint, "Links", ':');
        if (!links) return fail(links.error());
        wiring.links.insert(wiring.links.end(), links->begin(), links->end());
    }
    return {};
}

Status read_host_config_into(Wiring& wiring, const json::object& host) {
    for (const auto& [name, field] :
         {std::pair{"NetworkMode", &Wiring::network_mode}, std::pair{"IpcMode", &Wiring::ipc_mode},
          std::pair{"PidMode", &Wiring::pid_mode}}) {
        auto mode = text_or_empty(host, name);
        if (!mode) return fail(mode.error());
        wiring.*field = *std::move(mode);
    }
    auto volumes = names_at(host, "VolumesFrom", ':');
    if (!volumes) return fail(volumes.error());
    wiring.volumes_from = *std::move(volumes);
    auto links = names_at(host, "Links", ':');
    if (!links) return fail(links.error());
    wiring.links = *std::move(links);
    const auto auto_remove = flag_at(host, "AutoRemove");
    if (!auto_remove) return fail(auto_remove.error());
    wiring.auto_remove = *auto_remove;
    return read_ports_into(wiring, host);
}

Status read_config_into(Wiring& wiring, const json::object& config) {
    auto mac = text_or_empty(config, "MacAddress");
    if (!mac) return fail(mac.error());
    wiring.mac_address = *std::move(mac);
    const auto labels = read_labels(config, "Labels");
    if (!labels) return fail(labels.error());
    wiring.of_swarm = labels->contains("com.docker.swarm.task.id");
    return {};
}

Status read_into(Wiring& wiring, const json::object& document) {
    const auto host = object_at(document, "HostConfig");
    if (!host) return fail(host.error());
    if ((*host)->empty()) return fail(ErrorCode::protocol, "HostConfig is missing");
    if (auto done = read_host_config_into(wiring, **host); !done) return done;
    const auto config = object_at(document, "Config");
    if (!config) return fail(config.error());
    if (auto done = read_config_into(wiring, **config); !done) return done;
    if (auto done = read_mounts_into(wiring, document); !done) return done;
    return read_networks_into(wiring, document);
}

/// `text` names the container, by its name or by its id or the beginning of that.
bool is_named_by(std::string_view text, const Wiring& container) {
    constexpr std::size_t brief = 12;
    return text == container.name || (text.size() >= brief && container.id.full().starts_with(text));
}

bool shares(std::string_view mode, const Wiring& container) {
    constexpr std::string_view of_container = "container:";
    return mode.starts_with(of_container) && is_named_by(mode.substr(of_container.size()), container);
}

}  // namespace

Result<Wiring> read_wiring(std::string_view document) {
    const auto object = parse_object(document, longest_answer, "the container");
    if (!object) return fail(object.error());
    const auto id_text = text_at(*object, "Id");
    if (!id_text) return fail(id_text.error());
    auto id = read_id(*id_text);
    if (!id) return fail(id.error());
    const auto name_text = text_at(*object, "Name");
    if (!name_text) return fail(name_text.error());
    auto name = read_name(*name_text);
    if (!name) return fail(name.error());
    Wiring wiring{
        .id = *std::move(id), .name = *std::move(name), .network_mode = {}, .ipc_mode = {}, .pid_mode = {}};
    if (const auto done = read_into(wiring, *object); !done) return fail(done.error());
    return wiring;
}

std::vector<std::string_view> uses_of(const Wiring& user, const Wiring& used) {
    std::vector<std::string_view> uses;
    const auto any = [&](const std::vector<std::string>& list) {
        return std::ranges::any_of(list, [&](const std::string& one) { return is_named_by(one, used); });
    };
    if (shares(user.network_mode, used)) uses.emplace_back("uses the network of");
    if (shares(user.ipc_mode, used)) uses.emplace_back("shares memory with");
    if (shares(user.pid_mode, used)) uses.emplace_back("sees the processes of");
    if (any(user.volumes_from)) uses.emplace_back("has the volumes of");
    if (any(user.links)) uses.emplace_back("is linked to");
    return uses;
}

}  // namespace rm::docker
