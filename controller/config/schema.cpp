// SPDX-License-Identifier: Apache-2.0
#include "config/schema.h"

#include <algorithm>

#include "config/node.h"
#include "config/table.h"
#include "config/text_layers.h"

namespace rm::config {
namespace {

/// A section may also be empty, with everything in it commented out.
Node section_schema() {
    return map({{"type", list_of_strings({"object", "null"})},
                {"additionalProperties", literal("false")},
                {"properties", map()}});
}

Node& member(Node& parent, std::string_view name) {
    return *std::ranges::find(parent.items, name, &Node::name);
}

/// The schema of what stands at `path` inside the section, made if it isn't there.
Node& section_at(Node& section, std::string_view path) {
    Node* at = &section;
    while (!path.empty()) {
        const std::string_view name = path.substr(0, path.find('.'));
        Node& properties = member(*at, "properties");
        if (properties.find(name) == nullptr) properties.add(name, section_schema());
        at = &member(properties, name);
        path.remove_prefix(std::min(path.size(), name.size() + 1));
    }
    return *at;
}

Node key_schema(const Key& key, bool of_service) {
    Node schema = map({{"description", string(std::string(key.row.about))}});
    if (!of_service && !key.row.fallback.empty()) {
        const auto fallback = node_of(key.row.fallback, key.form);
        schema.add("default", key.check(fallback.value()).value());
    }
    for (const Node& item : key.schema.items) schema.add(item.name, item);
    return schema;
}

void add_key(Node& section, std::string_view path, Node schema) {
    const auto dot = path.rfind('.');
    const bool inside = dot != std::string_view::npos;
    Node& parent = section_at(section, inside ? path.substr(0, dot) : std::string_view());
    member(parent, "properties").add(inside ? path.substr(dot + 1) : path, std::move(schema));
}

Node services_schema() {
    Node service = section_schema();
    for_each_key([&](const Key& key) {
        if (!key.row.service_path.empty()) add_key(service, key.row.service_path, key_schema(key, true));
    });
    const std::string name = "[A-Za-z0-9][A-Za-z0-9._-]*";
    return map({{"description", string("The compose services, each with the keys in which it differs.")},
                {"type", list_of_strings({"object", "null"})},
                {"propertyNames", map({{"pattern", string("^(" + name + "/)?" + name + "$")}})},
                {"additionalProperties", std::move(service)}});
}

void describe(Node& schema, std::string_view about) {
    Node description = string(std::string(about));
    description.name = "description";
    schema.items.insert(schema.items.begin(), std::move(description));
}

}  // namespace

std::string schema() {
    Node root = section_schema();
    for (const Section& section : table()) {
        for (const Key& key : section.keys)
            if (!key.row.path.empty()) add_key(root, key.row.path, key_schema(key, false));
        if (section.name == "services")
            member(root, "properties").add("services", services_schema());
        else
            describe(section_at(root, section.name), section.about);
    }
    Node document = map({{"$schema", string("https://json-schema.org/draft/2020-12/schema")},
                         {"title", string("Configuration of resource-manager")}});
    for (Node& item : root.items) document.items.push_back(std::move(item));
    return print_json(document) + '\n';
}

}  // namespace rm::config
