// SPDX-License-Identifier: Apache-2.0
#include "docker/read_parts.h"

#include <algorithm>
#include <array>

#include "core/text.h"
#include "docker/json.h"
#include "docker/read.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_name = 1024;

bool is_image_id(std::string_view text) {
    return text.size() <= longest_name &&
           std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == ':' || c == '+'; });
}

}  // namespace

bool is_container_name(std::string_view text) {
    return text.size() >= 2 && text.size() <= longest_name && is_letter_or_digit(text[0]) &&
           std::ranges::all_of(
               text, [](char c) { return is_letter_or_digit(c) || c == '_' || c == '.' || c == '-'; });
}

Result<ContainerId> read_id(std::string_view text) {
    auto id = ContainerId::parse(text);
    if (!id) return fail(ErrorCode::protocol, "{}", id.error().message);
    return id;
}

Result<std::string> read_name(std::string_view text) {
    const std::string_view name = text.starts_with('/') ? text.substr(1) : text;
    if (!is_container_name(name))
        return fail(ErrorCode::protocol, "{} is not a container's name", quoted(text));
    return std::string(name);
}

Result<std::string> read_image_id_at(const json::object& object, std::string_view name) {
    auto text = text_or_empty(object, name);
    if (text && !is_image_id(*text))
        return fail(ErrorCode::protocol, "{} is not the id of an image", quoted(*text));
    return text;
}

Result<ContainerState> read_state(std::string_view text) {
    using enum ContainerState;
    constexpr std::array states{created, running, paused, restarting, removing, exited, dead};
    const auto* const found =
        std::ranges::find_if(states, [text](ContainerState state) { return to_string(state) == text; });
    if (found == states.end()) return fail(ErrorCode::protocol, "{} is not a state", quoted(text));
    return *found;
}

Result<LimitFields> read_limit_fields(const json::object& host) {
    LimitFields fields;
    for (const auto& [name, field] : limit_members) {
        const auto value = integer_at(host, name);
        if (!value) return fail(value.error().with_prefix("HostConfig"));
        fields.*field = value->value_or(0);
    }
    return fields;
}

Result<Labels> read_labels(const json::object& object, std::string_view name) {
    const auto members = object_at(object, name);
    if (!members) return fail(members.error());
    Labels labels;
    for (const auto& [key, value] : **members) {
        if (!value.is_string()) return fail(ErrorCode::protocol, "{} has a value that is not a text", name);
        labels.emplace(std::string(key), std::string(value.get_string()));
    }
    return labels;
}

}  // namespace rm::docker
