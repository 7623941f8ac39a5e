// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "docker/clone_guard_parts.h"
#include "docker/json.h"

namespace rm::docker::guard {
namespace {

namespace json = boost::json;

/// `/data//` and `/data` are the same place.
std::string place(std::string_view path) {
    std::string result;
    while (!path.empty()) {
        const std::string_view part = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(path.size(), part.size() + 1));
        if (part.empty() || part == ".") continue;
        if (part == "..")
            result.erase(std::min(result.size(), result.rfind('/')));
        else
            result.append("/").append(part);
    }
    return result;
}

/// What is mounted in the old container under this name at this place; null when nothing is.
const json::object* mounted(const Case& with, std::string_view name, std::string_view target) {
    for (const json::value& one : array_in(with.document, "Mounts")) {
        if (!one.is_object() || text_in(one.get_object(), "Type") != "volume") continue;
        if (text_in(one.get_object(), "Name") == name &&
            place(text_in(one.get_object(), "Destination")) == place(target))
            return &one.get_object();
    }
    return nullptr;
}

bool bind_agrees(const Case& with, const json::value& blue, const json::value& green) {
    if (blue == green) return true;
    if (!blue.is_string() || !green.is_string()) return false;
    const std::string_view before = blue.get_string();
    const std::string_view after = green.get_string();
    const auto colon = after.find(':');
    return before.starts_with('/') && before.find(':') == std::string_view::npos &&
           colon != std::string_view::npos && after.substr(colon + 1) == before &&
           mounted(with, after.substr(0, colon), before) != nullptr;
}

/// The same but for the volume's name, where it had none.
bool mount_agrees(const Case& with, const json::value& blue, const json::value& green) {
    if (blue == green) return true;
    if (!blue.is_object() || !green.is_object()) return false;
    const json::object& after = green.get_object();
    if (!text_in(blue.get_object(), "Source").empty() || text_in(after, "Type") != "volume") return false;
    json::object named = blue.get_object();
    named["Source"] = text_in(after, "Source");
    return named == after && mounted(with, text_in(after, "Source"), text_in(after, "Target")) != nullptr;
}

/// A volume that has no place in the old HostConfig: from the image, or from another container.
bool is_pinned(const Case& with, const json::value& green) {
    if (!green.is_object()) return false;
    const std::string_view name = text_in(green.get_object(), "Source");
    const std::string_view target = text_in(green.get_object(), "Target");
    const json::object* volume = mounted(with, name, target);
    if (volume == nullptr) return false;
    const json::value* writable = member(*volume, "RW");
    json::object expected{{"Type", "volume"}, {"Source", name}, {"Target", target}};
    if (writable == nullptr || *writable != json::value(true)) expected["ReadOnly"] = true;
    return green.get_object() == expected;
}

bool is_named(std::string_view name, std::string_view target, const json::object& green) {
    for (const json::value& bind : array_in(green, "Binds")) {
        const std::string_view text = bind.is_string() ? std::string_view(bind.get_string()) : "";
        if (!text.starts_with(std::string(name) + ":")) continue;
        const std::string_view rest = text.substr(name.size() + 1);
        if (place(rest.substr(0, rest.find(':'))) == place(target)) return true;
    }
    return std::ranges::any_of(array_in(green, "Mounts"), [&](const json::value& mount) {
        return mount.is_object() && text_in(mount.get_object(), "Source") == name &&
               place(text_in(mount.get_object(), "Target")) == place(target);
    });
}

bool binds_agree(const Case& with, const json::object& blue, const json::object& green) {
    const json::array& before = array_in(blue, "Binds");
    const json::array& after = array_in(green, "Binds");
    return std::ranges::equal(before, after, [&](const json::value& one, const json::value& other) {
        return bind_agrees(with, one, other);
    });
}

bool mounts_agree(const Case& with, const json::object& blue, const json::object& green) {
    const json::array& before = array_in(blue, "Mounts");
    const json::array& after = array_in(green, "Mounts");
    if (before.size() > after.size()) return false;
    for (std::size_t i = 0; i < after.size(); ++i)
        if (i < before.size() ? !mount_agrees(with, before[i], after[i]) : !is_pinned(with, after[i]))
            return false;
    return true;
}

bool is_list(const json::object& green, std::string_view name) {
    const json::value* found = member(green, name);
    return found == nullptr || found->is_array();
}

}  // namespace

Status check_volumes(const Case& with, const json::object& green) {
    const json::object& blue = object_in(with.document, "HostConfig");
    if (!is_list(green, "Binds") || !binds_agree(with, blue, green)) return refuse("HostConfig.Binds");
    if (!is_list(green, "Mounts") || !mounts_agree(with, blue, green)) return refuse("HostConfig.Mounts");
    for (const json::value& one : array_in(with.document, "Mounts")) {
        if (!one.is_object() || text_in(one.get_object(), "Type") != "volume") continue;
        const std::string_view target = text_in(one.get_object(), "Destination");
        if (!is_named(text_in(one.get_object(), "Name"), target, green))
            return refuse("the volume at " + printable(target));
    }
    return {};
}

}  // namespace rm::docker::guard
