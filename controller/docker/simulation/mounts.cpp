// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/mounts.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "docker/json.h"
#include "docker/simulation/digest.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

struct Mount {
    std::string type;
    std::string source;  // a path, or the volume's name
    std::string destination;
    std::string mode = {};
    bool writable = true;
};

json::object print(const Mount& mount) {
    json::object object{{"Type", mount.type}};
    if (mount.type == "volume") {
        object["Name"] = mount.source;
        object["Source"] = "/var/lib/docker/volumes/" + mount.source + "/_data";
        object["Driver"] = "local";
    } else {
        object["Source"] = mount.source;
    }
    object["Destination"] = mount.destination;
    object["Mode"] = mount.mode;
    object["RW"] = mount.writable;
    object["Propagation"] = mount.type == "bind" ? "rprivate" : "";
    return object;
}

/// `/host/path:/path:ro` or `volume:/path`.
Mount bind_of(std::string_view text) {
    const auto first = text.find(':');
    const std::string_view source = text.substr(0, first);
    const std::string_view rest = first == std::string_view::npos ? "" : text.substr(first + 1);
    const auto second = rest.find(':');
    const std::string_view mode = second == std::string_view::npos ? "" : rest.substr(second + 1);
    const bool is_path = source.starts_with('/');
    return {.type = is_path ? "bind" : "volume",
            .source = std::string(source),
            .destination = std::string(rest.substr(0, second)),
            .mode = std::string(mode.empty() && !is_path ? "z" : mode),
            .writable = ("," + std::string(mode) + ",").find(",ro,") == std::string::npos};
}

std::string text_of(const json::object& object, std::string_view name) {
    return text_or_empty(object, name).value_or(std::string());
}

std::string own_volume(const ContainerId& id, std::string_view destination) {
    return digest(id.full() + " volume " + std::string(destination));
}

Mount mount_of(const json::object& given, const ContainerId& id) {
    const std::string type = text_of(given, "Type");
    const std::string source = text_of(given, "Source");
    const std::string target = text_of(given, "Target");
    const bool own = type == "volume" && source.empty();
    return {.type = type,
            .source = own ? own_volume(id, target) : source,
            .destination = target,
            .mode = type == "volume" ? "z" : "",
            .writable = !flag_at(given, "ReadOnly").value_or(false)};
}

const json::array& array_in(const json::object& object, std::string_view name) {
    static const json::array none;
    const json::value* found = member(object, name);
    return found == nullptr || !found->is_array() ? none : found->get_array();
}

}  // namespace

json::array mounts_of(const json::object& config, const json::object& host, const ContainerId& id) {
    std::vector<Mount> mounts;
    for (const json::value& bind : array_in(host, "Binds"))
        if (bind.is_string()) mounts.push_back(bind_of(bind.get_string()));
    for (const json::value& mount : array_in(host, "Mounts"))
        if (mount.is_object()) mounts.push_back(mount_of(mount.get_object(), id));
    const json::value* volumes = member(config, "Volumes");
    if (volumes != nullptr && volumes->is_object())
        for (const auto& [place, nothing] : volumes->get_object()) {
            if (std::ranges::find(mounts, std::string_view(place), &Mount::destination) != mounts.end())
                continue;
            mounts.push_back({.type = "volume", .source = own_volume(id, place), .destination = place});
        }
    json::array printed;
    for (const Mount& mount : mounts) printed.emplace_back(print(mount));
    return printed;
}

}  // namespace rm::docker
