// SPDX-License-Identifier: Apache-2.0
#include "config/given.h"

#include <fmt/format.h>

#include "config/path.h"
#include "config/table.h"
#include "config/values.h"
#include "core/text.h"
#include "core/url.h"

namespace rm::config {
namespace {

std::string found(const Node& node, Privacy privacy) {
    switch (node.kind) {
        case Node::Kind::nothing:
            return "nothing";
        case Node::Kind::list:
            return "a list";
        case Node::Kind::map:
            return "a map";
        case Node::Kind::text:
            break;
    }
    if (privacy == Privacy::secret) return "something else (not shown, it may be a secret)";
    if (node.text.empty()) return "an empty text";
    return quoted(privacy == Privacy::address ? without_password(node.text) : node.text);
}

std::string describe(const Misfit& misfit, Privacy privacy) {
    std::string text = fmt::format("expected {}; found {}", misfit.expected, found(*misfit.at, privacy));
    if (!misfit.hint.empty()) text += fmt::format(" ({})", misfit.hint);
    return text;
}

std::string_view last_word(std::string_view path) {
    return path.substr(path.rfind('.') + 1);
}

/// The path of the only general key whose last word is `name`.
std::string_view only_key_named(std::string_view name) {
    std::string_view only;
    bool several = false;
    for_each_key([&](const Key& key) {
        if (last_word(key.row.path) != name || key.row.path.empty()) return;
        several = !only.empty();
        only = key.row.path;
    });
    return several ? std::string_view() : only;
}

}  // namespace

void complain(Given& given, Origin where, std::string path, std::string message, std::string meant) {
    given.bad.insert(path);
    given.problems.push_back({.where = std::move(where),
                              .path = std::move(path),
                              .message = std::move(message),
                              .meant = std::move(meant)});
}

void give(Given& given, const Place& place, const Node& node, Origin origin) {
    auto value = place.key->check(node);
    if (value) {
        given.values.insert_or_assign(place.path, GivenValue{.key = place.key,
                                                             .service = place.service,
                                                             .node = *std::move(value),
                                                             .origin = std::move(origin)});
        return;
    }
    const Misfit& misfit = value.error();
    if (misfit.at->mark.line != 0) origin.mark = misfit.at->mark;
    given.bad.insert(place.path);
    complain(given, std::move(origin), place.path + misfit.inside, describe(misfit, place.key->row.privacy),
             misfit.meant);
}

std::string probably_meant(std::string_view name, std::string_view section, bool of_service) {
    const auto neighbours = names_in(section, of_service);
    if (const auto near = closest(name, neighbours); !near.empty()) return std::string(near);
    return of_service ? std::string() : std::string(only_key_named(name));
}

}  // namespace rm::config
