// SPDX-License-Identifier: Apache-2.0
#include "config/table.h"

#include <algorithm>
#include <map>

#include "config/keys/sections.h"

namespace rm::config {
namespace {

using Index = std::map<std::string_view, const Key*>;

Index index_by(std::string_view Row::* path) {
    Index index;
    for_each_key([&](const Key& key) {
        if (!(key.row.*path).empty()) index.emplace(key.row.*path, &key);
    });
    return index;
}

const Index& general_index() {
    static const Index index = index_by(&Row::path);
    return index;
}

const Index& service_index() {
    static const Index index = index_by(&Row::service_path);
    return index;
}

const Key* find(const Index& index, std::string_view path) {
    const auto found = index.find(path);
    return found == index.end() ? nullptr : found->second;
}

}  // namespace

std::span<const Section> table() {
    static const std::vector<Section> sections{
        {"prometheus", "Where usage is measured.", prometheus_keys()},
        {"docker", "The Docker Engine, or the socket proxy in front of it.", docker_keys()},
        {"monitoring", "How often services are looked at, and over which time.", monitoring_keys()},
        {"thresholds", "When a service has too little or too much. Services can override these.",
         thresholds_keys()},
        {"adjustment", "By how much limits change, and how often. Services can override these.",
         adjustment_keys()},
        {"bounds", "What limits stay between. Services can override these.", bounds_keys()},
        {"deployment", "How a service gets its new limits. Services can override these.", deployment_keys()},
        {"defaults", "What holds for services that don't say otherwise, and for those that are not listed.",
         defaults_keys()},
        {"services",
         "One entry per compose service, as `service` or, where several projects have one of that name, as "
         "`project/service`. `NAME` stands for it.",
         services_keys()},
        {"notifications", "Who is told about adjustments and trouble.", notifications_keys()},
        {"watch", "Which containers are watched for restarts, health changes and lack of memory.",
         watch_keys()},
        {"store", "Where history and deployments in progress are kept.", store_keys()},
        {"http", "The program's own server: health, metrics, API and page.", http_keys()},
        {"logging", "What is written down, and where.", logging_keys()},
    };
    return sections;
}

const Key* find_key(std::string_view path) {
    return find(general_index(), path);
}

const Key* find_service_key(std::string_view path) {
    return find(service_index(), path);
}

std::vector<std::string_view> names_in(std::string_view section, bool of_service) {
    std::vector<std::string_view> names;
    for (const auto& [path, key] : of_service ? service_index() : general_index()) {
        std::string_view rest = path;
        if (!section.empty()) {
            if (!rest.starts_with(section) || rest.size() <= section.size() || rest[section.size()] != '.')
                continue;
            rest.remove_prefix(section.size() + 1);
        }
        const std::string_view name = rest.substr(0, rest.find('.'));
        if (names.empty() || names.back() != name) names.push_back(name);
    }
    if (section.empty() && !of_service) names.emplace_back("services");
    return names;
}

}  // namespace rm::config
