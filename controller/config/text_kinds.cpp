// SPDX-License-Identifier: Apache-2.0
#include "config/text_kinds.h"

#include <algorithm>
#include <charconv>
#include <regex>

#include "config/timezone.h"
#include "core/text.h"

namespace rm::config {
namespace {

constexpr std::size_t longest_text = std::size_t{64} << 10;
constexpr std::size_t longest_line = 4096;
constexpr std::size_t longest_regex = 256;

/// What looks like a number or a truth value in YAML is text for us: `[sleep, 5]`.
Node string_schema() {
    return map({{"type", list({string("string"), string("number"), string("boolean")})},
                {"minLength", literal("1")}});
}

bool is_text(std::string_view text) {
    return !text.empty() && text.size() <= longest_text;
}

/// A printable line, such as a path.
bool is_line(std::string_view text) {
    return !text.empty() && text.size() <= longest_line && is_printable(text);
}

template <class Number>
std::optional<Number> parse_number(std::string_view text, Number max) {
    Number value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = !text.empty() && error == std::errc() && end == text.data() + text.size();
    return whole && value <= max ? std::optional(value) : std::nullopt;
}

bool is_regex(std::string_view text) {
    if (text.empty() || text.size() > longest_regex) return false;
    try {
        std::regex compiled;
        compiled.assign(text.begin(), text.end());
        return true;
    } catch (const std::regex_error&) {
        return false;
    }
}

/// `HH:MM`, both with two digits, as everybody's clock shows it.
std::optional<TimeOfDay> parse_time(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hours = parse_number<unsigned>(text.substr(0, 2), 23);
    const auto minutes = parse_number<unsigned>(text.substr(3), 59);
    if (!hours || !minutes) return std::nullopt;
    return TimeOfDay{std::chrono::minutes(*hours * 60 + *minutes)};
}

std::optional<DailyWindow> parse_window(std::string_view text) {
    const auto from = parse_time(text.substr(0, std::min<std::size_t>(text.size(), 5)));
    if (!from || text.size() != 11 || text[5] != '-') return std::nullopt;
    const auto to = parse_time(text.substr(6));
    if (!to || *to == *from) return std::nullopt;
    return DailyWindow{.from = *from, .to = *to};
}

template <class Check>
auto as_string(Check check) {
    return [check](std::string_view text) {
        return check(text) ? std::optional<std::string>(text) : std::nullopt;
    };
}

Node write_secret(const Secret& value) {
    return string(value.reveal());
}

}  // namespace

Kind<std::string> text(std::string expects) {
    return scalar<std::string>({.expects = std::move(expects),
                                .schema = string_schema(),
                                .parse = as_string(is_text),
                                .write = write_string});
}

Kind<Secret> secret_text(std::string expects) {
    return scalar<Secret>({.expects = std::move(expects),
                           .schema = string_schema(),
                           .parse = [](std::string_view text) -> std::optional<Secret> {
                               if (!is_line(text)) return std::nullopt;
                               return Secret(std::string(text));
                           },
                           .write = write_secret});
}

Kind<std::filesystem::path> path(std::string expects) {
    return scalar<std::filesystem::path>(
        {.expects = std::move(expects),
         .schema = string_schema(),
         .parse = [](std::string_view text) -> std::optional<std::filesystem::path> {
             if (!is_line(text)) return std::nullopt;
             return std::filesystem::path(text);
         },
         .write = [](const std::filesystem::path& value) { return string(value.string()); }});
}

Kind<std::string> regex() {
    return scalar<std::string>({.expects = "a regular expression of up to 256 characters, like ^shop-",
                                .schema = string_schema(),
                                .parse = as_string(is_regex),
                                .write = write_string});
}

Kind<std::string> timezone() {
    return scalar<std::string>({.expects = "a time zone that this host knows, like UTC or Europe/Berlin",
                                .schema = string_schema(),
                                .parse = as_string(is_timezone),
                                .write = write_string});
}

Kind<TimeOfDay> time_of_day() {
    return scalar<TimeOfDay>({.expects = "a time of day, like \"09:00\"",
                              .schema = pattern_schema("^([01][0-9]|2[0-3]):[0-5][0-9]$"),
                              .parse = parse_time,
                              .write = [](const TimeOfDay& value) { return string(print(value)); }});
}

Kind<DailyWindow> daily_window() {
    const std::string time = "([01][0-9]|2[0-3]):[0-5][0-9]";
    return scalar<DailyWindow>({.expects = "a part of the day, like \"02:00-04:00\"",
                                .schema = pattern_schema(fmt::format("^{0}-{0}$", time)),
                                .parse = parse_window,
                                .write = [](const DailyWindow& value) { return string(print(value)); }});
}

Kind<Argv> argv() {
    return list_of("a list: a program and its arguments", text("a program or an argument that is not empty"));
}

}  // namespace rm::config
