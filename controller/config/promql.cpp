// SPDX-License-Identifier: Apache-2.0
#include "config/promql.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "config/text_kinds.h"
#include "core/text.h"

namespace rm::config {
namespace {

constexpr std::array<std::string_view, 3> placeholders{"$matcher", "$window", "$trend_window"};
constexpr std::size_t longest_matchers = 4096;

bool is_word_character(char c) {
    return is_letter_or_digit(c) || c == '_';
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// The length of the string literal at the front of `text`, with its quotes; nothing if it does not end.
std::optional<std::size_t> string_length(std::string_view text) {
    const char quote = text[0];
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == quote) return i + 1;
        if (text[i] == '\\' && quote != '`') ++i;
    }
    return std::nullopt;
}

/// A piece of a query that matters here.
struct Piece {
    enum class Kind { other, string, placeholder, broken };
    Kind kind = Kind::other;
    std::string_view text;
};

/// Takes the next piece from the front of `rest`, which is not empty.
Piece take_piece(std::string_view& rest) {
    Piece piece{.text = rest.substr(0, 1)};
    if (rest[0] == '"' || rest[0] == '\'' || rest[0] == '`') {
        const auto length = string_length(rest);
        piece.kind = length ? Piece::Kind::string : Piece::Kind::broken;
        piece.text = rest.substr(0, length.value_or(rest.size()));
    } else if (rest[0] == '#') {
        piece.kind = Piece::Kind::string;
        piece.text = rest.substr(0, rest.find('\n'));
    } else if (rest[0] == '$') {
        const auto* const end = std::ranges::find_if_not(rest.substr(1), is_word_character);
        piece.kind = Piece::Kind::placeholder;
        piece.text = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    }
    rest.remove_prefix(piece.text.size());
    return piece;
}

/// Goes through a query and keeps in mind where it is.
class Reading {
public:
    std::optional<QueryFault> read(std::string_view query) {
        std::string_view rest = query;
        while (!rest.empty()) {
            const Piece piece = take_piece(rest);
            if (auto fault = judge(piece, rest)) return fault;
            if (!is_space(piece.text[0]) && piece.text[0] != '#') last_ = piece.text[0];
        }
        if (in_braces_) return QueryFault{"its braces do not match"};
        if (!matched_) return QueryFault{"it needs $matcher inside the braces of its selectors"};
        return std::nullopt;
    }

private:
    std::optional<QueryFault> judge(const Piece& piece, std::string_view rest) {
        switch (piece.kind) {
            case Piece::Kind::string:
                return std::nullopt;
            case Piece::Kind::broken:
                return QueryFault{"a text in quotes does not end"};
            case Piece::Kind::placeholder:
                return judge_placeholder(piece.text, rest);
            case Piece::Kind::other:
                break;
        }
        const char c = piece.text[0];
        if (c != '{' && c != '}') return std::nullopt;
        if (in_braces_ == (c == '{')) return QueryFault{"its braces do not match"};
        in_braces_ = c == '{';
        return std::nullopt;
    }

    std::optional<QueryFault> judge_placeholder(std::string_view name, std::string_view rest) {
        if (std::ranges::find(placeholders, name) == placeholders.end())
            return QueryFault{fmt::format("there is no placeholder {}", quoted(name)),
                              std::string(closest(name, placeholders))};
        const bool is_matcher = name == placeholders[0];
        if (is_matcher != in_braces_)
            return QueryFault{
                fmt::format("{} must stand {} braces", name, is_matcher ? "inside" : "outside of")};
        if (!is_matcher) return std::nullopt;
        const auto* const next = std::ranges::find_if_not(rest, is_space);
        const bool closed = next != rest.end() && (*next == ',' || *next == '}');
        if ((last_ != '{' && last_ != ',') || !closed)
            return QueryFault{"$matcher stands for whole matchers: separate it with commas"};
        matched_ = true;
        return std::nullopt;
    }

    bool in_braces_ = false;
    bool matched_ = false;
    char last_ = 0;  // before this piece, but for spaces
};

void skip_spaces(std::string_view& text) {
    text.remove_prefix(static_cast<std::size_t>(std::ranges::find_if_not(text, is_space) - text.begin()));
}

bool take_label(std::string_view& text) {
    const auto end =
        static_cast<std::size_t>(std::ranges::find_if_not(text, is_word_character) - text.begin());
    const std::string_view label = text.substr(0, end);
    text.remove_prefix(end);
    const bool starts_well = !label.empty() && (label[0] < '0' || label[0] > '9');
    return starts_well && label != "__name__";  // the selector's own
}

bool take_operator(std::string_view& text) {
    constexpr std::array<std::string_view, 4> operators{"=~", "!~", "!=", "="};
    for (const std::string_view candidate : operators)
        if (text.starts_with(candidate)) {
            text.remove_prefix(candidate.size());
            return true;
        }
    return false;
}

/// A string in double or single quotes, in which a backslash makes no more than Prometheus reads.
bool take_string(std::string_view& text) {
    if (text.empty() || (text[0] != '"' && text[0] != '\'')) return false;
    const auto length = string_length(text);
    if (!length) return false;
    std::string_view inner = text.substr(1, *length - 2);
    const std::string escapable = std::string("abfnrtv\\") + text[0];
    text.remove_prefix(*length);
    while (!inner.empty()) {
        const std::size_t character = printable_prefix(inner);
        if (character == 0) return false;
        const bool escape = inner[0] == '\\';
        if (escape && escapable.find(inner[1]) == std::string::npos) return false;
        inner.remove_prefix(escape ? 2 : character);
    }
    return true;
}

bool take_matcher(std::string_view& text) {
    skip_spaces(text);
    if (!take_label(text)) return false;
    skip_spaces(text);
    if (!take_operator(text)) return false;
    skip_spaces(text);
    if (!take_string(text)) return false;
    skip_spaces(text);
    return true;
}

using Queries = std::map<std::string, std::string>;

tl::expected<std::string, Misfit> read_query(const Node& member, const Kind<std::string>& kind) {
    const std::vector<std::string_view> signals(query_signals.begin(), query_signals.end());
    Misfit misfit{.at = &member, .expected = {}};
    if (std::ranges::find(signals, member.name) == signals.end()) {
        misfit.expected = fmt::format("a signal: {}", fmt::join(signals, ", "));
        misfit.hint = fmt::format("{} is none", quoted(member.name));
        misfit.meant = closest_word(member.name, signals);
        return tl::unexpected(std::move(misfit));
    }
    auto query = kind.read(member);
    if (!query) return query;
    auto fault = fault_of_query(*query);
    if (!fault) return query;
    misfit.expected = kind.expects;
    misfit.hint = std::move(fault->says);
    misfit.meant = std::move(fault->meant);
    return tl::unexpected(std::move(misfit));
}

}  // namespace

std::optional<QueryFault> fault_of_query(std::string_view query) {
    return Reading().read(query);
}

std::string filled_in(std::string_view query, const QueryParts& parts) {
    std::string result;
    result.reserve(query.size() + 2 * parts.matcher.size());
    while (!query.empty()) {
        const Piece piece = take_piece(query);
        if (piece.kind != Piece::Kind::placeholder) {
            result += piece.text;
        } else if (piece.text == placeholders[0]) {
            result += parts.matcher;
        } else {
            result += rm::print(piece.text == placeholders[1] ? parts.window : parts.trend_window);
        }
    }
    return result;
}

bool is_matchers(std::string_view text) {
    if (text.size() > longest_matchers) return false;
    while (take_matcher(text)) {
        if (text.empty()) return true;
        if (text[0] != ',') return false;
        text.remove_prefix(1);
    }
    return false;
}

Kind<Queries> queries() {
    const Kind<std::string> query = text("a PromQL query");
    Node names = list({});
    for (const std::string_view signal : query_signals) names.items.push_back(string(std::string(signal)));
    Kind<Queries> kind{.form = Form::map, .expects = "a map of signals to PromQL queries"};
    kind.schema = map({{"type", string("object")},
                       {"propertyNames", map({{"enum", names}})},
                       {"additionalProperties", query.schema}});
    kind.read = [query, expects = kind.expects](const Node& node) -> tl::expected<Queries, Misfit> {
        if (node.kind != Node::Kind::map || node.items.size() > longest_list)
            return tl::unexpected(Misfit{.at = &node, .expected = expects});
        Queries values;
        for (const Node& member : node.items) {
            auto value = read_query(member, query);
            if (!value) {
                value.error().inside.insert(0, inside_map(member.name));
                return tl::unexpected(std::move(value.error()));
            }
            values.emplace(member.name, *std::move(value));
        }
        return values;
    };
    kind.write = [query](const Queries& values) {
        Node node = map();
        for (const auto& [name, value] : values) node.add(name, query.write(value));
        return node;
    };
    return kind;
}

Kind<std::string> matchers() {
    return scalar<std::string>({.expects = R"(label matchers, like job="cadvisor",instance="host1:8080")",
                                .schema = map({{"type", string("string")}, {"minLength", literal("1")}}),
                                .parse = [](std::string_view text) -> std::optional<std::string> {
                                    if (!is_matchers(text)) return std::nullopt;
                                    return std::string(text);
                                },
                                .write = [](const std::string& value) { return string(value); }});
}

}  // namespace rm::config
