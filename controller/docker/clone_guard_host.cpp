// SPDX-License-Identifier: Apache-2.0
#include "docker/clone_guard_parts.h"
#include "docker/json.h"

namespace rm::docker::guard {
namespace {

namespace json = boost::json;

bool is_number(const json::value* /*unused*/, const json::value* green) {
    return green == nullptr || green->is_int64();
}

bool anything(const json::value* /*unused*/, const json::value* /*unused*/) {
    return true;
}

bool restart_agrees(const Case& with, const json::value* blue, const json::value* green) {
    if (!with.wanted.restart) return same(blue, green);
    if (green == nullptr || !green->is_object() || green->get_object().size() != 2) return false;
    return text_in(green->get_object(), "Name") == to_string(with.wanted.restart->policy) &&
           number_in(green->get_object(), "MaximumRetryCount") == with.wanted.restart->maximum_retries;
}

/// `/db:/web/thedb` and `db:thedb` are the same link.
bool same_link(std::string_view blue, std::string_view green) {
    if (blue == green || !blue.starts_with('/')) return blue == green;
    const auto colon = green.find(':');
    if (colon == std::string_view::npos || green.find('/') != std::string_view::npos) return false;
    const std::string_view target = green.substr(0, colon);
    const std::string_view alias = green.substr(colon + 1);
    const bool same_target =
        blue.substr(1).starts_with(target) && blue.substr(1 + target.size()).starts_with(':');
    return same_target && blue.size() > alias.size() && blue.ends_with(alias) &&
           blue[blue.size() - alias.size() - 1] == '/';
}

}  // namespace

bool same_links(const json::value* blue, const json::value* green) {
    if (blue == nullptr || green == nullptr || !blue->is_array() || !green->is_array())
        return same(blue, green);
    const json::array& before = blue->get_array();
    const json::array& after = green->get_array();
    if (before.size() != after.size()) return false;
    for (std::size_t i = 0; i < before.size(); ++i)
        if (!before[i].is_string() || !after[i].is_string() ||
            !same_link(before[i].get_string(), after[i].get_string()))
            return false;
    return true;
}

Status check_host_config(const Case& with, const json::object& green) {
    const Rules rules{
        // Together, below.
        {"NanoCpus", &is_number},
        {"CpuQuota", &is_number},
        {"CpuPeriod", &is_number},
        {"Memory", &is_number},
        {"MemorySwap", &is_number},
        {"MemoryReservation", &is_number},
        {"Binds", &anything},
        {"Mounts", &anything},
        {"Links", &same_links},
        {"RestartPolicy", [with](const json::value* blue,
                                 const json::value* after) { return restart_agrees(with, blue, after); }},
    };
    const json::object& blue = object_in(with.document, "HostConfig");
    if (auto done = compare(blue, green, rules, "HostConfig"); !done) return done;
    if (auto done = check_limits(with, green); !done) return done;
    return check_volumes(with, green);
}

}  // namespace rm::docker::guard
