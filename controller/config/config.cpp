// SPDX-License-Identifier: Apache-2.0
#include "config/config.h"

#include <algorithm>
#include <tuple>

#include "config/contradictions.h"
#include "config/effective.h"
#include "config/given.h"
#include "config/named_files.h"
#include "config/path.h"
#include "config/read_file.h"
#include "config/table.h"
#include "config/text_layers.h"
#include "config/yaml_read.h"

namespace rm::config {
namespace {

Entry general_entry(const Given& given, const Key& key) {
    Entry entry{.key = &key, .service = {}, .path = std::string(key.row.path), .value = {}};
    const auto found = given.values.find(entry.path);
    if (found != given.values.end()) {
        entry.value = found->second.node;
        entry.origin = found->second.origin;
    } else if (!key.row.fallback.empty()) {
        const auto node = node_of(key.row.fallback, key.form);
        entry.value = key.check(node.value()).value();  // a test checks every default
    }
    return entry;
}

/// What holds for a service that says nothing itself.
ServicePolicy policy_from(const Settings& settings) {
    return {.enabled = settings.defaults.enabled,
            .service_class = settings.defaults.service_class,
            .direction = settings.defaults.direction,
            .baseline = {},
            .initial = {},
            .thresholds = settings.thresholds,
            .adjustment = settings.adjustment,
            .bounds = settings.bounds,
            .deployment = settings.deployment};
}

void fill_general(Effective& effective, const Given& given) {
    for_each_key([&](const Key& key) {
        if (key.row.path.empty()) return;
        const Entry& entry = effective.entries.emplace_back(general_entry(given, key));
        if (entry.value.kind != Node::Kind::nothing) key.store(entry.value, effective.settings);
    });
    effective.otherwise = policy_from(effective.settings);
}

void fill_service(Effective& effective, const Given& given, const ServiceName& name) {
    ServicePolicy policy = effective.otherwise;
    for_each_key([&](const Key& key) {
        if (key.row.service_path.empty()) return;
        const auto found = given.values.find(service_path(name, key.row.service_path));
        if (found == given.values.end()) return;
        const GivenValue& value = found->second;
        effective.entries.push_back({.key = &key,
                                     .service = name,
                                     .path = found->first,
                                     .value = value.node,
                                     .origin = value.origin});
        key.store_for_service(value.node, policy);
    });
    effective.settings.services.emplace(name, std::move(policy));
}

}  // namespace

const Settings* Config::operator->() const {
    return &effective_->settings;
}

const ServicePolicy& Config::service(const ServiceName& name) const {
    const auto& services = effective_->settings.services;
    if (const auto found = services.find(name); found != services.end()) return found->second;
    if (!name.project().empty()) {
        const auto alone = ServiceName::parse(name.service());
        if (const auto found = services.find(alone.value()); found != services.end()) return found->second;
    }
    return effective_->otherwise;
}

/// The only maker of a Config.
class Loader {
public:
    static tl::expected<Config, Problems> load(std::optional<std::string_view> text, const Sources& sources,
                                               const ReadFile& read) {
        Given given;
        if (text) {
            const std::string file = sources.file.value_or("config.yml").string();
            YamlText yaml = read_yaml(*text, file);
            given.problems = std::move(yaml.problems);
            read_file_layer(given, yaml.root, file);
        }
        read_environment(given, sources.environment);
        read_overrides(given, sources.overrides);

        auto effective = std::make_shared<Effective>();
        fill_general(*effective, given);
        for (const auto& [name, origin] : given.services) fill_service(*effective, given, name);
        read_named_files(given, effective->entries, effective->settings, read);
        find_contradictions(given, *effective);
        if (given.problems.empty()) {
            Webhook& webhook = effective->settings.notifications.webhook;
            if (webhook.url_file.is_set()) webhook.url = webhook.url_file.value;
            return Config(std::move(effective));
        }
        std::ranges::sort(given.problems, {}, [](const Problem& problem) {
            return std::tie(problem.where, problem.path, problem.message);
        });
        return tl::unexpected(std::move(given.problems));
    }

    static Config carried_over(const Config& running, const Config& next) {
        auto effective = std::make_shared<Effective>(next.effective());
        Settings from = running.settings();
        for (Entry& entry : effective->entries) {
            if (!entry.key->row.needs_restart) continue;
            entry.key->copy(from, effective->settings);
            if (const Entry* old = running.effective().find(entry.path); old != nullptr) entry = *old;
        }
        return Config(std::move(effective));
    }
};

Config carried_over(const Config& running, const Config& next) {
    return Loader::carried_over(running, next);
}

tl::expected<Config, Problems> load(const Sources& sources, FileKinds kinds) {
    const ReadFile read = [kinds](const std::filesystem::path& file, std::size_t cap) {
        return read_file(file, cap, kinds);
    };
    if (!sources.file) return Loader::load(std::nullopt, sources, read);
    const auto text = read(*sources.file, max_yaml_size);
    if (text) return Loader::load(*text, sources, read);
    return tl::unexpected(Problems{{.where = {.kind = Origin::Kind::file, .name = sources.file->string()},
                                    .path = {},
                                    .message = "can't be read: " + text.error().message}});
}

tl::expected<Config, Problems> load_text(std::string_view text, const Sources& sources,
                                         const ReadFile& read) {
    return Loader::load(text, sources, read);
}

}  // namespace rm::config
