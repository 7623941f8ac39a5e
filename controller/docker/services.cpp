// SPDX-License-Identifier: Apache-2.0
#include "docker/services.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "core/text.h"

namespace rm::docker {
namespace {

constexpr std::string_view compose_project = "com.docker.compose.project";
constexpr std::string_view compose_service = "com.docker.compose.service";
constexpr std::string_view compose_oneoff = "com.docker.compose.oneoff";
constexpr std::string_view enable = "resource-manager.enable";
constexpr std::string_view service_label = "resource-manager.service";

/// Empty where there is no such label.
std::string_view label(const Labels& labels, std::string_view name) {
    const auto found = labels.find(std::string(name));
    return found == labels.end() ? std::string_view() : std::string_view(found->second);
}

int number_of(const Labels& labels) {
    const std::string_view text = label(labels, compose_number);
    int number = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
    return wrong == std::errc() && end == text.data() + text.size() && number > 0 ? number : 0;
}

using Membership = Result<std::optional<ServiceName>>;

Membership compose_membership(const Labels& labels) {
    if (lower(label(labels, compose_oneoff)) == "true") return std::nullopt;
    const auto name = ServiceName::parse(
        fmt::format("{}/{}", label(labels, compose_project), label(labels, compose_service)));
    if (!name) return fail(name.error().with_prefix("its labels of Compose"));
    return *name;
}

/// Of a container that Compose did not make.
Membership own_membership(const ContainerSummary& container) {
    const auto enabled = container.labels.find(std::string(enable));
    if (enabled == container.labels.end() || enabled->second == "false") return std::nullopt;
    if (enabled->second != "true")
        return fail(ErrorCode::invalid, "label {} is {}: write true or false", enable,
                    quoted(enabled->second));
    const std::string_view given = label(container.labels, service_label);
    const auto name = ServiceName::parse(given.empty() ? std::string_view(container.name) : given);
    if (!name) return fail(name.error());
    if (!name->project().empty())
        return fail(ErrorCode::invalid, "label {} is {}: write a name without a project", service_label,
                    quoted(given));
    return *name;
}

Membership membership(const ContainerSummary& container) {
    if (!container.unreadable.empty()) return fail(ErrorCode::protocol, "{}", container.unreadable);
    const bool by_compose = container.labels.contains(std::string(compose_project)) &&
                            container.labels.contains(std::string(compose_service));
    return by_compose ? compose_membership(container.labels) : own_membership(container);
}

bool runs(ContainerState state) {
    return state == ContainerState::running || state == ContainerState::paused;
}

Labels only_ours(const Labels& labels) {
    Labels ours;
    for (auto at = labels.lower_bound(std::string(our_labels));
         at != labels.end() && at->first.starts_with(our_labels); ++at)
        ours.insert(*at);
    return ours;
}

using Members = std::vector<const ContainerSummary*>;

Service service_of(const ServiceName& name, Members members) {
    std::ranges::sort(members, {}, [](const ContainerSummary* one) {
        return std::tuple(number_of(one->labels), one->created_at, std::string_view(one->name));
    });
    const auto* const newest = *std::ranges::max_element(members, {}, [](const ContainerSummary* one) {
        return std::tuple(runs(one->state), one->created_at);
    });
    Service service{.name = name, .replicas = {}, .labels = only_ours(newest->labels)};
    service.replicas.reserve(members.size());
    for (const ContainerSummary* one : members)
        service.replicas.push_back({.id = one->id,
                                    .name = one->name,
                                    .number = number_of(one->labels),
                                    .state = one->state,
                                    .running = runs(one->state)});
    return service;
}

std::string nothing_found(const Inventory& inventory, const ServiceName& wanted) {
    std::vector<std::string> names;
    names.reserve(2 * inventory.services.size());
    for (const auto& [name, service] : inventory.services) {
        names.push_back(print(name));
        if (wanted.project().empty()) names.push_back(name.service());
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    std::string text = fmt::format("there is no service {}", print(wanted));
    for (const auto& [name, service] : inventory.services)
        if (name.service() == wanted.service()) return text + fmt::format("; did you mean {}?", print(name));
    if (const auto near = closest(print(wanted), views); !near.empty())
        text += fmt::format("; did you mean {}?", near);
    return text;
}

}  // namespace

Inventory find_services(std::span<const ContainerSummary> containers) {
    Inventory inventory;
    std::map<ServiceName, Members> members;
    for (const ContainerSummary& container : containers) {
        const auto name = membership(container);
        if (!name)
            inventory.left_out.push_back(
                {.id = container.id, .name = container.name, .reason = name.error().message});
        else if (*name)
            members[**name].push_back(&container);
    }
    for (auto& [name, some] : members) inventory.services.emplace(name, service_of(name, std::move(some)));
    return inventory;
}

Result<ServiceName> resolve(const Inventory& inventory, const ServiceName& wanted) {
    std::vector<std::string> meant;
    std::optional<ServiceName> only;
    for (const auto& [name, service] : inventory.services) {
        const bool fits = wanted.project().empty() ? name.service() == wanted.service() : name == wanted;
        if (!fits) continue;
        only = name;
        meant.push_back(print(name));
    }
    if (meant.empty()) return fail(ErrorCode::not_found, "{}", nothing_found(inventory, wanted));
    if (meant.size() == 1) return *only;
    const bool one_without_project = inventory.services.contains(wanted);
    return fail(ErrorCode::conflict, "{} means several services: {}; write which one{}", print(wanted),
                fmt::join(meant, ", "),
                one_without_project ? ", and give the one without a project another name by its label "
                                      "resource-manager.service"
                                    : "");
}

}  // namespace rm::docker
