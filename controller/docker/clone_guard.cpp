// SPDX-License-Identifier: Apache-2.0
#include "docker/clone_guard.h"

#include <algorithm>
#include <set>

#include "core/text.h"
#include "docker/clone_guard_parts.h"
#include "docker/exact_json.h"
#include "docker/json.h"
#include "docker/read.h"

namespace rm::docker {
namespace guard {
namespace {

namespace json = boost::json;

constexpr std::string_view number_label = "com.docker.compose.container-number";

/// The engine does not mind the case of a member's name, so that one could pass for another.
bool has_twins(const json::object& object) {
    std::set<std::string> seen;
    for (const auto& [name, value] : object)
        if (!seen.insert(lower(name)).second) return true;
    return false;
}

bool uses_other_network(const Case& with) {
    return text_in(object_in(with.document, "HostConfig"), "NetworkMode").starts_with("container:");
}

bool host_name_may_go(const Case& with, const json::value& name) {
    const bool host_names = text_in(object_in(with.document, "HostConfig"), "UTSMode") == "host";
    return host_names || uses_other_network(with) ||
           is_text(&name, text_in(with.document, "Id").substr(0, 12));
}

/// Blue's labels without notes of ours, the new number, the new notes; no more, no less.
bool labels_agree(const Case& with, const json::value* blue, const json::value* green) {
    std::map<std::string, std::string> expected = with.wanted.labels;
    if (blue != nullptr && blue->is_object()) {
        for (const auto& [name, value] : blue->get_object()) {
            if (name.starts_with(internal_labels)) continue;
            if (!value.is_string()) return false;
            const bool renumbered = name == number_label && with.wanted.container_number;
            expected[name] =
                renumbered ? std::to_string(*with.wanted.container_number) : std::string(value.get_string());
        }
    }
    if (green == nullptr) return expected.empty();
    if (!green->is_object() || green->get_object().size() != expected.size()) return false;
    return std::ranges::all_of(expected, [&](const auto& one) {
        return is_text(member(green->get_object(), one.first), one.second);
    });
}

bool entrypoint_agrees(const json::value* blue, const json::value* green) {
    if (!is_empty(blue)) return same(blue, green);
    return green != nullptr && *green == json::value(json::array{""});  // "none", also against the image
}

Rules config_rules(const Case& with) {
    const auto of_guest = [with](const json::value* blue, const json::value* green) {
        return uses_other_network(with) ? green == nullptr : same(blue, green);
    };
    return {
        {"Hostname",
         [with](const json::value* blue, const json::value* green) {
             if (blue == nullptr || !host_name_may_go(with, *blue)) return same(blue, green);
             return green == nullptr;
         }},
        {"Domainname", of_guest},
        {"ExposedPorts", of_guest},
        {"MacAddress",
         [with](const json::value* blue, const json::value* green) {
             return with.wanted.keep_addresses ? same(blue, green) : is_empty(blue) && is_empty(green);
         }},
        {"Labels", [with](const json::value* blue,
                          const json::value* green) { return labels_agree(with, blue, green); }},
        {"Entrypoint", &entrypoint_agrees},
        {"Image",
         [with](const json::value* blue, const json::value* green) {
             return with.wanted.image ? is_text(green, *with.wanted.image) : same(blue, green);
         }},
    };
}

Status check_all(const Case& with, const json::object& body, const NewContainer& made) {
    if (made.name != with.wanted.name) return refuse("the name");
    if (has_twins(body)) return refuse("the names of its members");
    const auto host = object_at(body, "HostConfig");
    if (!host) return fail(host.error());
    const auto networking = object_at(body, "NetworkingConfig");
    if (!networking) return fail(networking.error());
    json::object config = body;
    config.erase("HostConfig");
    config.erase("NetworkingConfig");
    if (auto done = compare(object_in(with.document, "Config"), config, config_rules(with), "Config"); !done)
        return done;
    if (has_twins(**host)) return refuse("the names of the members of HostConfig");
    if (auto done = check_host_config(with, **host); !done) return done;
    return check_networks(with, **networking, made);
}

}  // namespace

Status compare(const json::object& blue, const json::object& green, const Rules& rules,
               std::string_view where) {
    std::set<std::string_view> names;
    for (const auto& [name, value] : blue) names.insert(name);
    for (const auto& [name, value] : green) names.insert(name);
    for (const std::string_view name : names) {
        const auto rule = rules.find(name);
        const json::value* before = member(blue, name);
        const json::value* after = member(green, name);
        if (rule == rules.end() ? !same(before, after) : !rule->second(before, after))
            return refuse(fmt::format("{}.{}", where, printable(name)));
    }
    return {};
}

bool same(const json::value* blue, const json::value* green) {
    if (blue == nullptr || green == nullptr) return blue == green;
    return *blue == *green;
}

bool is_empty(const json::value* value) {
    if (value == nullptr) return true;
    return (value->is_string() && value->get_string().empty()) ||
           (value->is_array() && value->get_array().empty()) ||
           (value->is_object() && value->get_object().empty());
}

bool is_text(const json::value* value, std::string_view text) {
    return value != nullptr && value->is_string() && value->get_string() == text;
}

const json::object& object_in(const json::object& object, std::string_view name) {
    static const json::object none;
    const json::value* found = member(object, name);
    return found != nullptr && found->is_object() ? found->get_object() : none;
}

const json::array& array_in(const json::object& object, std::string_view name) {
    static const json::array none;
    const json::value* found = member(object, name);
    return found != nullptr && found->is_array() ? found->get_array() : none;
}

std::string_view text_in(const json::object& object, std::string_view name) {
    const json::value* found = member(object, name);
    return found != nullptr && found->is_string() ? std::string_view(found->get_string())
                                                  : std::string_view();
}

std::int64_t number_in(const json::object& object, std::string_view name) {
    const json::value* found = member(object, name);
    return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}

tl::unexpected<Error> refuse(std::string_view where) {
    return fail(ErrorCode::internal,
                "the container about to be made differs from the one it replaces in {}: it is not made",
                where);
}

}  // namespace guard

Status check_create_body(std::string_view document, const NewContainer& made, const CloneWanted& wanted) {
    const auto blue = parse_exactly(document, longest_answer);
    if (!blue) return fail(blue.error());
    const auto before = object_of(*blue, "the container");
    if (!before) return fail(before.error());
    const auto green = parse_exactly(made.body, 2 * longest_answer);
    if (!green) return fail(ErrorCode::internal, "the body of the request is not JSON");
    const auto body = object_of(*green, "the body of the request");
    if (!body) return fail(body.error());
    return guard::check_all({.document = **before, .wanted = wanted}, **body, made);
}

}  // namespace rm::docker
