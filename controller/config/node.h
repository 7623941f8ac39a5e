// SPDX-License-Identifier: Apache-2.0
// Node: a piece of a YAML or JSON document as plain data, with its place in the file. The strict reader makes
// them, the table of keys reads and writes them, and they print as YAML and as JSON.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/problem.h"

namespace rm::config {

struct Node {
    enum class Kind { nothing, text, list, map };

    /// How a text is written: as it is (`30m`), in quotes if it needs them, or as a JSON number or boolean.
    enum class Style { bare, quoted, literal };

    Kind kind = Kind::nothing;
    Style style = Style::bare;
    std::string text;
    std::vector<Node> items;  // of a list, or of a map: then each has its name
    std::string name;
    Mark mark;
    Mark name_mark;

    /// The item of a map; null if there is none.
    [[nodiscard]] const Node* find(std::string_view key) const;
    /// Adds an item to a map and returns it.
    Node& add(std::string_view key, Node value);
};

Node bare(std::string text);
Node literal(std::string text);
Node string(std::string text);
Node list(std::vector<Node> items);
Node list_of_strings(const std::vector<std::string>& texts);
Node map(std::vector<std::pair<std::string, Node>> members = {});

/// The same content, wherever it stands and however it is quoted.
bool same(const Node& a, const Node& b);

/// How deep it is nested: 1 for a scalar.
int depth(const Node& node);

/// On one line: `[a, "b c"]`, `{x: 1}`.
std::string print_yaml(const Node& node);

/// A key of a map, quoted if it needs it.
std::string print_yaml_key(std::string_view key);

/// Over several lines, indented by two; a list of plain values on one.
std::string print_json(const Node& node);

}  // namespace rm::config
