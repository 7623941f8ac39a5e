// SPDX-License-Identifier: Apache-2.0
// Kind<T>: what the values of a key look like. It reads a T from a Node, says in words and as JSON Schema
// what it takes, and writes a T back in its usual form.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <tl/expected.hpp>

#include "config/node.h"

namespace rm::config {

enum class Form { boolean, number, text, list, map };

/// Why a node is not a T.
struct Misfit {
    const Node* at = nullptr;  // the part that is wrong
    std::string inside = {};   // where in the value that is: `[2]`, `.name`
    std::string expected;      // "a ratio from 0.01 to 1, like 0.8 or 80%"
    std::string hint = {};     // how to write what was probably meant, or why not
    std::string meant = {};    // the word that this one is probably a misspelling of
};

template <class T>
struct Kind {
    Form form = Form::text;
    std::string expects;
    Node schema = {};
    std::function<tl::expected<T, Misfit>(const Node&)> read = {};
    std::function<Node(const T&)> write = {};
};

/// A kind that reads one text.
template <class T>
struct Scalar {
    Form form = Form::text;
    std::string expects;
    Node schema = {};
    std::function<std::optional<T>(std::string_view)> parse;
    std::function<Node(const T&)> write;
    bool quotes = true;  // whether the text may be in quotes
    std::function<std::string(std::string_view)> meant = {};
    std::function<std::string(std::string_view)> why = {};  // it was refused; quotes nothing of it
};

/// The schema of a text that matches `pattern`.
Node pattern_schema(std::string pattern);

Node write_string(const std::string& value);

/// How to write what was probably meant, where `node` shows a habit from elsewhere (`yes`, `010`, `1e3`).
std::string hint_for(const Node& node, Form form, bool quotes);

/// The word of `choices` that `text` is probably a misspelling of; empty if none is close.
std::string closest_word(std::string_view text, const std::vector<std::string_view>& choices);

/// `.name`, safe to print.
std::string inside_map(std::string_view name);

template <class T>
Kind<T> scalar(Scalar<T> given) {
    Kind<T> kind{.form = given.form, .expects = given.expects, .schema = given.schema, .write = given.write};
    kind.read = [given = std::move(given)](const Node& node) -> tl::expected<T, Misfit> {
        const bool readable =
            node.kind == Node::Kind::text && (given.quotes || node.style != Node::Style::quoted);
        if (readable)
            if (auto value = given.parse(node.text)) return *std::move(value);
        Misfit misfit{.at = &node, .expected = given.expects};
        misfit.hint = hint_for(node, given.form, given.quotes);
        if (node.kind == Node::Kind::text && misfit.hint.empty() && given.why)
            misfit.hint = given.why(node.text);
        if (node.kind == Node::Kind::text && given.meant) misfit.meant = given.meant(node.text);
        return tl::unexpected(std::move(misfit));
    };
    return kind;
}

/// One of a few words, each standing for a value.
template <class T>
Kind<T> words(const std::vector<std::pair<std::string_view, T>>& choices) {
    Node texts = list({});
    std::vector<std::string_view> names;
    for (const auto& [name, value] : choices) {
        texts.items.push_back(string(std::string(name)));
        names.push_back(name);
    }
    return scalar<T>({.expects = fmt::format("{}", fmt::join(names, " or ")),
                      .schema = map({{"enum", texts}}),
                      .parse = [choices](std::string_view text) -> std::optional<T> {
                          for (const auto& [name, value] : choices)
                              if (name == text) return value;
                          return std::nullopt;
                      },
                      .write =
                          [choices](const T& wanted) {
                              for (const auto& [name, value] : choices)
                                  if (value == wanted) return string(std::string(name));
                              return string({});
                          },
                      .meant = [names](std::string_view text) { return closest_word(text, names); }});
}

inline constexpr std::size_t longest_list = 1000;

/// `expects` is the plural: "a list of addresses".
template <class T>
Kind<std::vector<T>> list_of(const std::string& expects, Kind<T> item) {
    Kind<std::vector<T>> kind{.form = Form::list, .expects = expects};
    kind.schema = map({{"type", string("array")},
                       {"items", item.schema},
                       {"maxItems", literal(std::to_string(longest_list))}});
    kind.read = [item, expected = kind.expects](const Node& node) -> tl::expected<std::vector<T>, Misfit> {
        if (node.kind != Node::Kind::list || node.items.size() > longest_list)
            return tl::unexpected(Misfit{.at = &node, .expected = expected});
        std::vector<T> values;
        for (std::size_t i = 0; i < node.items.size(); ++i) {
            auto value = item.read(node.items[i]);
            if (!value) {
                value.error().inside.insert(0, fmt::format("[{}]", i));
                return tl::unexpected(std::move(value.error()));
            }
            values.push_back(*std::move(value));
        }
        return values;
    };
    kind.write = [item](const std::vector<T>& values) {
        Node node = list({});
        for (const T& value : values) node.items.push_back(item.write(value));
        return node;
    };
    return kind;
}

/// Names that people choose, each with a T. `names` is the pattern for JSON Schema that `is_name` stands for.
template <class T>
Kind<std::map<std::string, T>> map_of(const std::string& expects, const std::string& names,
                                      std::function<bool(std::string_view)> is_name, Kind<T> item) {
    Kind<std::map<std::string, T>> kind{.form = Form::map, .expects = expects};
    kind.schema = map({{"type", string("object")},
                       {"propertyNames", map({{"pattern", string(names)}})},
                       {"additionalProperties", item.schema}});
    kind.read = [item, is_name = std::move(is_name), expected = kind.expects](
                    const Node& node) -> tl::expected<std::map<std::string, T>, Misfit> {
        if (node.kind != Node::Kind::map || node.items.size() > longest_list)
            return tl::unexpected(Misfit{.at = &node, .expected = expected});
        std::map<std::string, T> values;
        for (const Node& member : node.items) {
            auto value = item.read(member);
            if (is_name(member.name) && value) {
                values.emplace(member.name, *std::move(value));
                continue;
            }
            Misfit misfit{.at = &member, .expected = expected};
            if (is_name(member.name)) misfit = std::move(value.error());
            misfit.inside = inside_map(member.name) + misfit.inside;
            return tl::unexpected(std::move(misfit));
        }
        return values;
    };
    kind.write = [item](const std::map<std::string, T>& values) {
        Node node = map();
        for (const auto& [name, value] : values) node.add(name, item.write(value));
        return node;
    };
    return kind;
}

}  // namespace rm::config
