// SPDX-License-Identifier: Apache-2.0
#include "config/show.h"

#include <algorithm>

#include <fmt/format.h>

#include "config/effective.h"
#include "config/path.h"
#include "config/service_labels.h"
#include "config/table.h"
#include "core/text.h"

namespace rm::config {
namespace {

/// One key in its place in the document.
struct Line {
    std::vector<std::string> place;  // services, NAME, bounds, cpu, max
    const Key* key;
    const Entry* entry;  // null: not set
};

using Lines = std::vector<Line>;

void split_into(std::vector<std::string>& place, std::string_view path) {
    while (!path.empty()) {
        const auto dot = path.find('.');
        place.emplace_back(path.substr(0, dot));
        path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
    }
}

std::vector<std::string> place_of(const Key& key, const std::string& service) {
    std::vector<std::string> place;
    if (!service.empty()) place = {"services", service};
    split_into(place, service.empty() ? key.row.path : key.row.service_path);
    return place;
}

/// The keys that services have of their own, in the place of the table's section `services`.
void add_own_keys(Lines& lines, const Effective& effective) {
    for (const auto& [name, policy] : effective.settings.services) {
        const auto before = lines.size();
        for (const Entry& entry : effective.entries)
            if (entry.service == name)
                lines.push_back(
                    {.place = place_of(*entry.key, print(name)), .key = entry.key, .entry = &entry});
        if (lines.size() == before)
            lines.push_back({.place = {"services", print(name)}, .key = nullptr, .entry = nullptr});
    }
    if (effective.settings.services.empty())
        lines.push_back({.place = {"services"}, .key = nullptr, .entry = nullptr});
}

Lines all_lines(const Effective& effective) {
    Lines lines;
    for (const Section& section : table()) {
        if (section.name == "services") {
            add_own_keys(lines, effective);
            continue;
        }
        for (const Key& key : section.keys)
            lines.push_back({.place = place_of(key, {}), .key = &key, .entry = effective.find(key.row.path)});
    }
    return lines;
}

const Entry* entry_at(const std::vector<Entry>& entries, std::string_view path) {
    const auto found = std::ranges::find(entries, path, &Entry::path);
    return found == entries.end() ? nullptr : &*found;
}

/// Its own keys, below them what its labels say, below them the general keys.
Lines service_lines(const Effective& effective, const ServiceName& name,
                    const std::vector<Entry>& of_labels) {
    const ServiceName listed = listed_name(effective, name);
    Lines lines;
    for_each_key([&](const Key& key) {
        if (key.row.service_path.empty()) return;
        const Entry* entry = effective.find(service_path(listed, key.row.service_path));
        if (entry == nullptr) entry = entry_at(of_labels, service_path(name, key.row.service_path));
        if (entry == nullptr && !key.row.path.empty()) entry = effective.find(key.row.path);
        lines.push_back({.place = place_of(key, print(name)), .key = &key, .entry = entry});
    });
    return lines;
}

bool is_set(const Line& line) {
    return line.entry != nullptr && line.entry->value.kind != Node::Kind::nothing;
}

bool holds_secret(const Line& line) {
    return line.entry != nullptr && !line.entry->content.empty();
}

/// A comment ends with its line, whatever a file is called.
std::string origin_text(const Origin& origin) {
    const std::string text = print(origin);
    return is_printable(text) ? text : quoted(text);
}

std::string yaml_line(const Line& line, const std::string& indent) {
    const std::string key = print_yaml_key(line.place.back());
    if (line.key == nullptr) return fmt::format("{}{}: {{}}\n", indent, key);
    if (!is_set(line)) return fmt::format("{}# {}: not set\n", indent, key);
    return fmt::format("{}{}: {}  # {}{}\n", indent, key, print_yaml(visible(*line.entry)),
                       origin_text(line.entry->origin), holds_secret(line) ? ", holds ***" : "");
}

std::string as_yaml(const Lines& lines) {
    std::string text;
    std::vector<std::string> open;
    for (const Line& line : lines) {
        const std::vector<std::string> sections(line.place.begin(), line.place.end() - 1);
        const auto [differs, unused] = std::ranges::mismatch(sections, open);
        const auto shared = static_cast<std::size_t>(differs - sections.begin());
        for (std::size_t i = shared; i < sections.size(); ++i)
            text += fmt::format("{}{}:\n", std::string(2 * i, ' '), print_yaml_key(sections[i]));
        open = sections;
        text += yaml_line(line, std::string(2 * sections.size(), ' '));
    }
    return text;
}

Node& member(Node& parent, const std::string& name) {
    const auto found = std::ranges::find(parent.items, name, &Node::name);
    return found == parent.items.end() ? parent.add(name, map()) : *found;
}

std::string as_json(const Lines& lines) {
    Node root = map();
    for (const Line& line : lines) {
        Node* at = &root;
        for (const std::string& name : line.place) at = &member(*at, name);
        if (line.key == nullptr) continue;
        at->add("value", is_set(line) ? visible(*line.entry) : Node());
        at->add("origin", string(is_set(line) ? print(line.entry->origin) : "default"));
    }
    return print_json(root) + '\n';
}

}  // namespace

std::string show(const Config& config, const ShowOptions& options) {
    const Effective& effective = config.effective();
    std::vector<Entry> of_labels;
    if (options.service)
        if (auto labelled = with_labels(effective, *options.service, options.labels))
            of_labels = std::move(labelled->entries);
    const Lines lines =
        options.service ? service_lines(effective, *options.service, of_labels) : all_lines(effective);
    return options.format == ShowFormat::json ? as_json(lines) : as_yaml(lines);
}

}  // namespace rm::config
