// SPDX-License-Identifier: Apache-2.0
#include "config/service_labels.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "config/config.h"
#include "config/contradictions.h"
#include "config/given.h"
#include "config/path.h"
#include "config/table.h"
#include "config/text_layers.h"
#include "core/text.h"

namespace rm::config {
namespace {

constexpr std::string_view label_prefix = "resource-manager.";

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> short_forms{
    {{"enable", "enabled"},
     {"strategy", "deployment.strategy"},
     {"cpu.min", "bounds.cpu.min"},
     {"cpu.max", "bounds.cpu.max"},
     {"memory.min", "bounds.memory.min"},
     {"memory.max", "bounds.memory.max"}}};

/// Labels of ours that say something else: which service it is, and what we note for ourselves.
bool is_no_key(std::string_view name) {
    return name == "service" || name.starts_with("internal.");
}

/// What no label may say; empty where it may. Whoever made an image could write it there.
std::string_view kept_from_labels(const Key& key) {
    const std::string_view path = key.row.service_path;
    if (path == "deployment.script" || path.starts_with("deployment.hooks.")) return "name a program to run";
    if (path.starts_with("deployment.traefik.") || path.starts_with("deployment.haproxy."))
        return "say where to connect to";
    return {};
}

const Key* key_of_label(std::string_view name) {
    const auto* const found =
        std::ranges::find(short_forms, name, &std::pair<std::string_view, std::string_view>::first);
    return find_service_key(found == short_forms.end() ? name : found->second);
}

std::string closest_label(std::string_view name) {
    std::vector<std::string_view> names{"service"};
    for (const auto& form : short_forms) names.push_back(form.first);
    for_each_key([&](const Key& key) {
        if (!key.row.service_path.empty() && kept_from_labels(key).empty())
            names.push_back(key.row.service_path);
    });
    return std::string(closest(name, names));
}

void read_label(Given& given, const ServiceName& service, std::string_view name, const std::string& value) {
    const Origin origin{.kind = Origin::Kind::label,
                        .name = "label " + join({}, std::string(label_prefix) + std::string(name))};
    const Key* key = key_of_label(name);
    if (key == nullptr) {
        std::string meant = closest_label(name);
        if (!meant.empty()) meant.insert(0, label_prefix);
        complain(given, origin, {}, "is not a key of a service", std::move(meant));
        return;
    }
    const Place place{.key = key, .service = service, .path = service_path(service, key->row.service_path)};
    if (const auto forbidden = kept_from_labels(*key); !forbidden.empty())
        complain(given, origin, place.path,
                 fmt::format("a label can't {}; the configuration can", forbidden));
    else if (given.values.contains(place.path))
        complain(given, origin, place.path,
                 fmt::format("is given twice, by {} too", print(given.values.at(place.path).origin)));
    else
        give_text(given, place, value, origin);
}

bool any_of_ours(const std::map<std::string, std::string>& labels) {
    const auto at = labels.lower_bound(std::string(label_prefix));
    return at != labels.end() && at->first.starts_with(label_prefix);
}

Given read_labels(const ServiceName& service, const std::map<std::string, std::string>& labels) {
    Given given;
    for (auto at = labels.lower_bound(std::string(label_prefix));
         at != labels.end() && at->first.starts_with(label_prefix); ++at) {
        const std::string_view name = std::string_view(at->first).substr(label_prefix.size());
        if (!is_no_key(name)) read_label(given, service, name, at->second);
    }
    return given;
}

/// Puts what somebody configured, in general and for the service, over what the labels say, and returns what
/// the labels still say.
std::vector<Entry> put_over(Given& given, const Effective& effective, const ServiceName& listed,
                            const ServiceName& name) {
    for (const Entry& entry : effective.entries) {
        if (entry.origin.kind == Origin::Kind::fallback || (entry.service && *entry.service != listed))
            continue;
        std::string path = entry.service ? service_path(name, entry.key->row.service_path) : entry.path;
        given.values.insert_or_assign(
            std::move(path),
            GivenValue{
                .key = entry.key, .service = entry.service, .node = entry.value, .origin = entry.origin});
    }
    std::vector<Entry> entries;
    for (const auto& [path, value] : given.values)
        if (value.origin.kind == Origin::Kind::label)
            entries.push_back({.key = value.key,
                               .service = name,
                               .path = path,
                               .value = value.node,
                               .origin = value.origin});
    return entries;
}

ServicePolicy policy_without(const Effective& effective, const ServiceName& listed) {
    const auto found = effective.settings.services.find(listed);
    return found == effective.settings.services.end() ? effective.otherwise : found->second;
}

}  // namespace

ServiceName listed_name(const Effective& effective, const ServiceName& name) {
    const auto alone = ServiceName::parse(name.service());
    const bool as_given = effective.settings.services.contains(name);
    return !as_given && alone && effective.settings.services.contains(*alone) ? *alone : name;
}

tl::expected<LabelledPolicy, Problems> with_labels(const Effective& effective, const ServiceName& name,
                                                   const std::map<std::string, std::string>& labels) {
    const ServiceName listed = listed_name(effective, name);
    LabelledPolicy result{.policy = policy_without(effective, listed), .entries = {}};
    Given given = read_labels(name, labels);
    if (!given.problems.empty()) return tl::unexpected(std::move(given.problems));
    if (given.values.empty()) return result;

    result.entries = put_over(given, effective, listed, name);
    for (const Entry& entry : result.entries) entry.key->store_for_service(entry.value, result.policy);
    Effective with_it = effective;
    with_it.settings.services = {{name, result.policy}};
    find_contradictions(given, with_it);
    if (!given.problems.empty()) return tl::unexpected(std::move(given.problems));
    return result;
}

tl::expected<ServicePolicy, Problems> Config::service(
    const ServiceName& name, const std::map<std::string, std::string>& labels) const {
    auto policy = kept_policy(name, labels);
    if (!policy) return tl::unexpected(std::move(policy.error()));
    return **policy;
}

PolicyPtr Config::kept_policy(const ServiceName& name) const {
    return {effective_, &service(name)};
}

tl::expected<PolicyPtr, Problems> Config::kept_policy(
    const ServiceName& name, const std::map<std::string, std::string>& labels) const {
    if (!any_of_ours(labels)) return kept_policy(name);
    auto labelled = with_labels(*effective_, name, labels);
    if (!labelled) return tl::unexpected(std::move(labelled.error()));
    return std::make_shared<const ServicePolicy>(std::move(labelled->policy));
}

}  // namespace rm::config
