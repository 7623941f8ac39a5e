// SPDX-License-Identifier: Apache-2.0
// Volumes without a name in the configuration: the engine would make a new, empty one for each container. The
// list of what is mounted tells which one it made; naming it gives both containers the same.
#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "core/text.h"
#include "docker/clone_parts.h"
#include "docker/json.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

struct Volume {
    std::string name;
    std::string target;  // where it is mounted
    bool writable = true;
};

/// Without what makes two spellings of a path differ.
std::string clean(std::string_view path) {
    std::string text = std::filesystem::path(path).lexically_normal().string();
    while (text.size() > 1 && text.ends_with('/')) text.pop_back();
    return text;
}

Result<std::vector<Volume>> volumes_of(const json::array& mounts) {
    std::vector<Volume> volumes;
    for (const json::value& one : mounts) {
        const auto mount = object_of(one, "a mount");
        if (!mount) return fail(mount.error());
        const auto type = text_or_empty(**mount, "Type");
        if (!type) return fail(type.error());
        if (*type != "volume") continue;
        const auto name = text_at(**mount, "Name");
        if (!name) return fail(name.error());
        const auto target = text_at(**mount, "Destination");
        if (!target) return fail(target.error());
        const auto writable = flag_at(**mount, "RW");
        if (!writable) return fail(writable.error());
        volumes.push_back({.name = *name, .target = clean(*target), .writable = *writable});
    }
    return volumes;
}

/// Whether a bind (`source:/target[:mode]`, or `/target` alone) is for this volume; names it where it has
/// none.
bool is_in_bind(const Volume& volume, json::value& bind) {
    const std::string_view text = bind.get_string();
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) {
        if (clean(text) != volume.target) return false;
        bind = fmt::format("{}:{}", volume.name, text);
        return true;
    }
    const std::string_view rest = text.substr(colon + 1);
    return clean(rest.substr(0, rest.find(':'))) == volume.target;
}

Result<bool> is_in_binds(const Volume& volume, json::object& host) {
    json::value* binds = host.if_contains("Binds");
    if (binds == nullptr || binds->is_null()) return false;
    if (!binds->is_array()) return fail(ErrorCode::protocol, "Binds is not a list");
    for (json::value& bind : binds->get_array()) {
        if (!bind.is_string()) return fail(ErrorCode::protocol, "Binds has an entry that is not a text");
        if (is_in_bind(volume, bind)) return true;
    }
    return false;
}

/// The same for an entry of Mounts.
Result<bool> is_in_mount(const Volume& volume, json::value& entry) {
    if (!entry.is_object()) return fail(ErrorCode::protocol, "Mounts has an entry that is not an object");
    json::object& mount = entry.get_object();
    const auto target = text_or_empty(mount, "Target");
    if (!target) return fail(target.error());
    if (clean(*target) != volume.target) return false;
    const auto source = text_or_empty(mount, "Source");
    if (!source) return fail(source.error());
    if (source->empty()) mount["Source"] = volume.name;
    return true;
}

Result<bool> is_in_mounts(const Volume& volume, json::array& mounts) {
    for (json::value& mount : mounts) {
        auto found = is_in_mount(volume, mount);
        if (!found || *found) return found;
    }
    return false;
}

json::object mount_of(const Volume& volume) {
    json::object mount{{"Type", "volume"}, {"Source", volume.name}, {"Target", volume.target}};
    if (!volume.writable) mount["ReadOnly"] = true;
    return mount;
}

}  // namespace

Status pin_volumes(const Blueprint& blue, json::object& host) {
    const auto volumes = volumes_of(blue.mounts);
    if (!volumes) return fail(volumes.error().with_prefix("Mounts"));
    json::array mounts;
    if (const json::value* given = member(host, "Mounts"); given != nullptr) {
        if (!given->is_array()) return fail(ErrorCode::protocol, "HostConfig.Mounts is not a list");
        mounts = given->get_array();
    }
    bool changed = false;
    for (const Volume& volume : *volumes) {
        const auto bound = is_in_binds(volume, host);
        if (!bound) return fail(bound.error().with_prefix("HostConfig"));
        if (*bound) continue;
        const auto mounted = is_in_mounts(volume, mounts);
        if (!mounted) return fail(mounted.error().with_prefix("HostConfig"));
        if (!*mounted) mounts.push_back(mount_of(volume));
        changed = true;
    }
    if (changed) host["Mounts"] = std::move(mounts);
    return {};
}

}  // namespace rm::docker
