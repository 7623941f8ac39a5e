// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/merge_image.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "docker/json.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

/// Nothing, as the engine sees it: null, and what has no elements or letters, and 0.
bool is_blank(const json::value* value) {
    if (value == nullptr || value->is_null()) return true;
    if (value->is_string()) return value->get_string().empty();
    if (value->is_array()) return value->get_array().empty();
    if (value->is_object()) return value->get_object().empty();
    return value->is_int64() && value->get_int64() == 0;
}

void take_over(json::object& config, const json::object& image, std::string_view name) {
    const json::value* theirs = member(image, name);
    if (theirs != nullptr && is_blank(config.if_contains(name))) config[name] = *theirs;
}

void join(json::object& config, const json::object& image, std::string_view name) {
    const json::value* theirs = member(image, name);
    if (theirs == nullptr || !theirs->is_object()) return;
    json::value& ours = config[name];
    if (!ours.is_object()) ours.emplace_object();
    for (const auto& [key, value] : theirs->get_object()) ours.get_object().insert({{key, value}});
}

std::string_view variable_of(const json::value& entry) {
    if (!entry.is_string()) return {};
    const std::string_view text = entry.get_string();
    return text.substr(0, text.find('='));
}

void join_environment(json::object& config, const json::object& image) {
    const json::value* theirs = member(image, "Env");
    if (theirs == nullptr || !theirs->is_array()) return;
    json::value& ours = config["Env"];
    if (!ours.is_array()) ours.emplace_array();
    for (const json::value& entry : theirs->get_array()) {
        const bool known = std::ranges::any_of(
            ours.get_array(), [&](const json::value& own) { return variable_of(own) == variable_of(entry); });
        if (!known) ours.get_array().push_back(entry);
    }
}

/// An entrypoint of its own means that the image's command is not wanted either.
void merge_command(json::object& config, const json::object& image) {
    if (!is_blank(config.if_contains("Entrypoint"))) return;
    take_over(config, image, "Cmd");
    take_over(config, image, "Entrypoint");
}

void merge_health_check(json::object& config, const json::object& image) {
    const json::value* theirs = member(image, "Healthcheck");
    if (theirs == nullptr || !theirs->is_object()) return;
    json::value& ours = config["Healthcheck"];
    if (!ours.is_object()) {
        ours = *theirs;
        return;
    }
    for (const auto& [name, value] : theirs->get_object())
        take_over(ours.get_object(), theirs->get_object(), name);
}

}  // namespace

void merge_image(json::object& config, const json::object& image) {
    for (const std::string_view name : {"User", "WorkingDir", "StopSignal", "StopTimeout", "Shell"})
        take_over(config, image, name);
    for (const std::string_view name : {"ExposedPorts", "Volumes", "Labels"}) join(config, image, name);
    join_environment(config, image);
    merge_command(config, image);
    merge_health_check(config, image);
}

}  // namespace rm::docker
