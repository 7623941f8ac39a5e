// SPDX-License-Identifier: Apache-2.0
#include "config/kind.h"

#include <algorithm>
#include <array>

#include "config/path.h"
#include "core/text.h"

namespace rm::config {
namespace {

bool is_one_of(std::string_view text, std::span<const std::string_view> words) {
    return std::ranges::find(words, text) != words.end();
}

std::string hint_for_boolean(std::string_view text) {
    constexpr std::array<std::string_view, 5> yes{"true", "yes", "on", "y", "1"};
    constexpr std::array<std::string_view, 5> no{"false", "no", "off", "n", "0"};
    if (is_one_of(lower(text), yes)) return "write true";
    if (is_one_of(lower(text), no)) return "write false";
    return {};
}

bool only_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string hint_for_number(std::string_view text) {
    if (text.empty()) return {};
    if (text[0] == '-') return "it can't be negative";
    if (text[0] == '+') return "without the sign";
    if (text.starts_with("0x") || text.starts_with("0o") || text.starts_with("0b"))
        return "write it in decimal";
    if (text.size() > 1 && text[0] == '0' && only_digits(text.substr(0, 2))) return "without leading zeros";
    const auto exponent = text.find_first_of("eE");
    if (exponent != std::string_view::npos && only_digits(text.substr(0, 1)) &&
        text.find_first_not_of("0123456789.+-", exponent + 1) == std::string_view::npos)
        return "write it out, without an exponent";
    if (text.find_first_of(",_") != std::string_view::npos && only_digits(text.substr(0, 1)))
        return "only digits and one decimal point";
    return {};
}

}  // namespace

Node pattern_schema(std::string pattern) {
    return map({{"type", string("string")}, {"pattern", string(std::move(pattern))}});
}

Node write_string(const std::string& value) {
    return string(value);
}

std::string hint_for(const Node& node, Form form, bool quotes) {
    if (node.kind == Node::Kind::nothing) return "leave the key out to get its default";
    if (node.kind != Node::Kind::text) return {};
    if (form == Form::boolean) {
        const bool in_quotes = node.text == "true" || node.text == "false";
        return in_quotes ? "without quotes" : hint_for_boolean(node.text);
    }
    if (form != Form::number) return {};
    if (!quotes && node.style == Node::Style::quoted && only_digits(node.text)) return "without quotes";
    return hint_for_number(node.text);
}

std::string closest_word(std::string_view text, const std::vector<std::string_view>& choices) {
    return std::string(closest(text, choices));
}

std::string inside_map(std::string_view name) {
    return join({}, name).insert(0, ".");
}

}  // namespace rm::config
