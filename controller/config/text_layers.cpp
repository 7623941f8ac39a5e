// SPDX-License-Identifier: Apache-2.0
// The parts of Given that come as texts: the environment and the command line.
#include "config/text_layers.h"

#include <algorithm>

#include <fmt/format.h>

#include "config/given.h"
#include "config/path.h"
#include "config/table.h"
#include "config/yaml_read.h"
#include "core/text.h"

namespace rm::config {
namespace {

constexpr std::string_view blanks = " \t\n";

constexpr std::string_view variable_prefix = "RM_";
constexpr std::string_view services_prefix = "RM_SERVICES__";
constexpr std::string_view separator = "__";

std::string upper(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '.')
            result += separator;
        else if (c >= 'a' && c <= 'z')
            result += static_cast<char>(c - 'a' + 'A');
        else
            result += (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
    }
    return result;
}

/// A service's name inside a variable: `my-app.web` is MY_APP_WEB.
std::string upper_service(const ServiceName& service) {
    std::string name = print(service);
    std::ranges::replace(name, '.', '_');
    return upper(name);
}

Node split_at_commas(std::string_view text) {
    Node node = list({});
    while (!text.empty()) {
        const auto comma = text.find(',');
        node.items.push_back(bare(std::string(trimmed(text.substr(0, comma), blanks))));
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    }
    return node;
}

/// Forgets the places in a value that isn't in a file.
void forget_marks(Node& node) {
    node.mark = {};
    node.name_mark = {};
    for (Node& item : node.items) forget_marks(item);
}

/// The key of the service whose capitals are `name`, added to `places`.
void add_place(std::vector<Place>& places, const ServiceName& service, std::string_view name) {
    for_each_key([&](const Key& key) {
        if (!key.row.service_path.empty() && upper(key.row.service_path) == name)
            places.push_back(
                {.key = &key, .service = service, .path = service_path(service, key.row.service_path)});
    });
}

/// One variable that starts with RM_SERVICES__.
void read_service_variable(Given& given, const std::string& name, const std::string& value) {
    const Origin origin{.kind = Origin::Kind::environment, .name = join({}, name)};
    const std::string_view rest = std::string_view(name).substr(services_prefix.size());
    std::vector<Place> places;
    bool any_service = false;
    for (const auto& listed : given.services) {
        const std::string start = upper_service(listed.first) + std::string(separator);
        if (!rest.starts_with(start)) continue;
        any_service = true;
        add_place(places, listed.first, rest.substr(start.size()));
    }
    if (places.size() == 1)
        give_text(given, places[0], value, origin);
    else if (!any_service)
        complain(given, origin, {},
                 "names no service of the file; list the service there, with nothing else if need be");
    else if (places.empty())
        complain(given, origin, {}, "is not a key of a service");
    else
        complain(given, origin, {}, fmt::format("could mean {} or {}", places[0].path, places[1].path));
}

std::string closest_variable(std::string_view name) {
    std::vector<std::string> names;
    for_each_key([&](const Key& key) {
        if (!key.row.path.empty()) names.push_back(variable_name(key.row.path));
    });
    const std::vector<std::string_view> views(names.begin(), names.end());
    return std::string(closest(name, views));
}

const Key* key_of_variable(std::string_view name) {
    const Key* found = nullptr;
    for_each_key([&](const Key& key) {
        if (!key.row.path.empty() && variable_name(key.row.path) == name) found = &key;
    });
    return found;
}

/// Variables with names of others', such as DOCKER_HOST: below our own.
void read_foreign_variables(Given& given, const std::map<std::string, std::string>& environment) {
    for_each_key([&](const Key& key) {
        if (key.row.variables.empty()) return;
        const auto own = environment.find(variable_name(key.row.path));
        if (own != environment.end() && !own->second.empty()) return;
        for (const std::string_view name : key.row.variables) {
            const auto found = environment.find(std::string(name));
            if (found == environment.end() || found->second.empty()) continue;
            give_text(given, {.key = &key, .service = {}, .path = std::string(key.row.path)}, found->second,
                      {.kind = Origin::Kind::environment, .name = found->first});
            return;
        }
    });
}

/// Splits `services.NAME.KEY` where KEY is one that services have. Names may contain dots, keys of services
/// never end like one another, so at most one split fits.
std::optional<Place> find_service_place(std::string_view path) {
    constexpr std::string_view start = "services.";
    if (!path.starts_with(start)) return std::nullopt;
    path.remove_prefix(start.size());
    for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
        const Key* key = find_service_key(path.substr(dot + 1));
        const auto service = ServiceName::parse(path.substr(0, dot));
        if (key != nullptr && service)
            return Place{
                .key = key, .service = *service, .path = service_path(*service, key->row.service_path)};
    }
    return std::nullopt;
}

void complain_about_override(Given& given, const Origin& origin, std::string_view path) {
    if (path == "services" || !names_in(path, false).empty()) {
        complain(given, origin, {}, "is a section; name a key in it");
        return;
    }
    const auto dot = path.rfind('.');
    const std::string_view section = dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
    std::string meant = probably_meant(path.substr(dot + 1), section, false);
    if (!section.empty() && find_key(std::string(section) + '.' + meant) != nullptr)
        meant = std::string(section) + '.' + meant;
    complain(given, origin, {}, "is not a key", std::move(meant));
}

}  // namespace

std::string variable_name(std::string_view path) {
    return std::string(variable_prefix) + upper(path);
}

tl::expected<Node, std::string> node_of(std::string_view text, Form form) {
    const std::string_view inner = trimmed(text, blanks);
    const bool yaml =
        (form == Form::list && inner.starts_with('[')) || (form == Form::map && inner.starts_with('{'));
    if (yaml) {
        YamlText read = read_yaml(inner, "value");
        if (!read.problems.empty()) return tl::unexpected(read.problems.front().message);
        forget_marks(read.root);
        return std::move(read.root);
    }
    return form == Form::list ? split_at_commas(inner) : bare(std::string(text));
}

void give_text(Given& given, const Place& place, std::string_view text, const Origin& origin) {
    auto node = node_of(text, place.key->form);
    if (node)
        give(given, place, *node, origin);
    else
        complain(given, origin, place.path, fmt::format("expected {}: {}", place.key->expects, node.error()));
}

void read_environment(Given& given, const std::map<std::string, std::string>& environment) {
    read_foreign_variables(given, environment);
    for (const auto& [name, value] : environment) {
        if (!name.starts_with(variable_prefix) || value.empty()) continue;
        const Origin origin{.kind = Origin::Kind::environment, .name = join({}, name)};
        if (const Key* key = key_of_variable(name))
            give_text(given, {.key = key, .service = {}, .path = std::string(key->row.path)}, value, origin);
        else if (name.starts_with(services_prefix))
            read_service_variable(given, name, value);
        else
            complain(given, origin, {}, "is not a variable of the configuration", closest_variable(name));
    }
}

void read_overrides(Given& given, const std::vector<std::string>& overrides) {
    for (const std::string& text : overrides) {
        const auto equals = text.find('=');
        const std::string path = text.substr(0, equals);
        const Origin origin{.kind = Origin::Kind::command_line, .name = join({}, path).insert(0, "--set ")};
        if (equals == std::string::npos) {
            complain(given, origin, {}, "expected KEY=VALUE, like monitoring.check_interval=1m");
            continue;
        }
        const std::string_view value = std::string_view(text).substr(equals + 1);
        if (const Key* key = find_key(path)) {
            give_text(given, {.key = key, .service = {}, .path = path}, value, origin);
        } else if (const auto place = find_service_place(path)) {
            given.services.try_emplace(*place->service, origin);
            give_text(given, *place, value, origin);
        } else {
            complain_about_override(given, origin, path);
        }
    }
}

}  // namespace rm::config
