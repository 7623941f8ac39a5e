// SPDX-License-Identifier: Apache-2.0
#include "config/node.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/text.h"

namespace rm::config {
namespace {

using Style = Node::Style;

Node text_node(std::string text, Style style) {
    Node node;
    node.kind = Node::Kind::text;
    node.style = style;
    node.text = std::move(text);
    return node;
}

/// Words that some YAML reader takes for a boolean or for nothing.
bool is_reserved(std::string_view text) {
    constexpr std::array words{"true", "false", "yes", "no", "on", "off", "y", "n", "null"};
    return std::ranges::find(words, lower(text)) != words.end();
}

/// Whether `text` can stand without quotes and means a string to every YAML reader.
bool is_plain(std::string_view text, bool in_flow) {
    if (text.empty() || text.back() == ':' || is_reserved(text)) return false;
    if (!is_letter(text[0]) && text[0] != '/') return false;
    return std::ranges::all_of(text, [&](char c) {
        return is_letter(c) || is_digit(c) || c == '_' || c == '.' || c == '/' || c == '-' ||
               (c == ':' && !in_flow);
    });
}

/// The code point of the valid UTF-8 sequence at the front.
unsigned code_point(std::string_view text) {
    const auto first = static_cast<unsigned char>(text[0]);
    if (first < 0x80) return first;
    return ((first & 0x1fU) << 6) | (static_cast<unsigned char>(text[1]) & 0x3fU);
}

/// In double quotes, with the escapes that JSON and YAML share. Bytes that are not UTF-8 become U+FFFD.
std::string double_quoted(std::string_view given) {
    const std::string valid = valid_utf8(given);
    std::string result = "\"";
    for (std::string_view text = valid; !text.empty();) {
        const std::size_t length = printable_prefix(text);
        if (text[0] == '"' || text[0] == '\\') {
            (result += '\\') += text[0];
        } else if (length != 0) {
            result += text.substr(0, length);
        } else if (text[0] == '\n') {
            result += "\\n";
        } else if (text[0] == '\t') {
            result += "\\t";
        } else {  // a control character: one byte, or two for U+0080 to U+009F
            result += fmt::format("\\u{:04x}", code_point(text));
            text.remove_prefix(static_cast<unsigned char>(text[0]) < 0x80 ? 1 : 2);
            continue;
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result += '"';
}

std::string yaml_text(const Node& node, bool in_flow) {
    const bool as_is = node.style != Style::quoted || is_plain(node.text, in_flow);
    return as_is ? node.text : double_quoted(node.text);
}

std::string yaml(const Node& node, bool in_flow) {
    if (node.kind == Node::Kind::nothing) return "null";
    if (node.kind == Node::Kind::text) return yaml_text(node, in_flow);
    const bool is_map = node.kind == Node::Kind::map;
    std::string result(is_map ? "{" : "[");
    for (const Node& item : node.items) {
        if (&item != &node.items.front()) result += ", ";
        if (is_map) result += print_yaml_key(item.name) + ": ";
        result += yaml(item, true);
    }
    return result += is_map ? '}' : ']';
}

std::string json(const Node& node, std::size_t indent) {
    if (node.kind == Node::Kind::nothing) return "null";
    if (node.kind == Node::Kind::text)
        return node.style == Style::literal ? node.text : double_quoted(node.text);
    const bool is_map = node.kind == Node::Kind::map;
    const bool one_line =
        node.items.empty() || (!is_map && std::ranges::all_of(node.items, [](const Node& item) {
            return item.kind == Node::Kind::text || item.kind == Node::Kind::nothing;
        }));
    const std::string line = one_line ? "" : '\n' + std::string(indent + 2, ' ');
    std::string result(is_map ? "{" : "[");
    for (const Node& item : node.items) {
        if (&item != &node.items.front()) result += one_line ? ", " : ",";
        result += line;
        if (is_map) result += double_quoted(item.name) + ": ";
        result += json(item, indent + 2);
    }
    if (!one_line) result += '\n' + std::string(indent, ' ');
    return result += is_map ? '}' : ']';
}

}  // namespace

const Node* Node::find(std::string_view key) const {
    const auto found = std::ranges::find(items, key, &Node::name);
    return found == items.end() ? nullptr : &*found;
}

Node& Node::add(std::string_view key, Node value) {
    kind = Node::Kind::map;
    value.name = key;
    return items.emplace_back(std::move(value));
}

Node bare(std::string text) {
    return text_node(std::move(text), Style::bare);
}

Node literal(std::string text) {
    return text_node(std::move(text), Style::literal);
}

Node string(std::string text) {
    return text_node(std::move(text), Style::quoted);
}

Node list(std::vector<Node> items) {
    Node node;
    node.kind = Node::Kind::list;
    node.items = std::move(items);
    return node;
}

Node list_of_strings(const std::vector<std::string>& texts) {
    Node node = list({});
    for (const std::string& text : texts) node.items.push_back(string(text));
    return node;
}

Node map(std::vector<std::pair<std::string, Node>> members) {
    Node node;
    node.kind = Node::Kind::map;
    for (auto& [name, value] : members) node.add(name, std::move(value));
    return node;
}

bool same(const Node& a, const Node& b) {
    return a.kind == b.kind && a.text == b.text && a.name == b.name &&
           std::ranges::equal(a.items, b.items, same);
}

int depth(const Node& node) {
    int deepest = 0;
    for (const Node& item : node.items) deepest = std::max(deepest, depth(item));
    return deepest + 1;
}

std::string print_yaml(const Node& node) {
    return yaml(node, false);
}

std::string print_yaml_key(std::string_view key) {
    return is_plain(key, true) ? std::string(key) : double_quoted(key);
}

std::string print_json(const Node& node) {
    return json(node, 0);
}

}  // namespace rm::config
