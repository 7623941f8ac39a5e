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

Node string_schema() {
    return map({{"type", string("string")}, {"minLength", literal("1")}});
}

Node pattern_schema(const std::string& pattern) {
    return map({{"type", string("string")}, {"pattern", string(pattern)}});
}

bool is_text(std::string_view text) {
    return !text.empty() && text.size() <= longest_text;
}

/// Visible characters of ASCII, but none that ends a URL in running text.
bool is_url_text(std::string_view text) {
    return text.size() <= longest_line && std::ranges::all_of(text, [](char c) {
               return c > ' ' && c < 0x7f &&
                      std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
           });
}

/// A printable line, such as a path.
bool is_line(std::string_view text) {
    if (text.empty() || text.size() > longest_line) return false;
    while (!text.empty()) {
        const std::size_t length = printable_prefix(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

template <class Number>
std::optional<Number> parse_number(std::string_view text, Number max) {
    Number value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = !text.empty() && error == std::errc() && end == text.data() + text.size();
    return whole && value <= max ? std::optional(value) : std::nullopt;
}

bool is_port(std::string_view text) {
    const auto port = parse_number<std::uint32_t>(text, 65535);
    return port && *port != 0;
}

/// `host`, `host:port`, `[::1]:port`.
bool is_host_and_port(std::string_view text) {
    std::string_view rest;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos || end < 3) return false;
        if (text.substr(1, end - 1).find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos)
            return false;
        rest = text.substr(end + 1);
    } else {
        const auto colon = text.find(':');
        const std::string_view host = text.substr(0, colon);
        if (host.empty() || host.find_first_of("[]") != std::string_view::npos) return false;
        rest = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
    }
    return rest.empty() || (rest[0] == ':' && is_port(rest.substr(1)));
}

/// What stands between `//` and the path, without a user.
std::string_view host_part(std::string_view behind_slashes) {
    const std::string_view authority = behind_slashes.substr(0, behind_slashes.find_first_of("/?#"));
    const auto at = authority.rfind('@');
    return at == std::string_view::npos ? authority : authority.substr(at + 1);
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

bool is_host_character(char c, bool v6) {
    const bool letter_or_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter_or_digit || c == '.' || (v6 ? c == ':' || c == '%' : c == '-' || c == '_');
}

std::optional<ListenAddress> parse_listen(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || !is_url_text(text)) return std::nullopt;
    const auto port = parse_number<std::uint16_t>(text.substr(colon + 1), 65535);
    std::string_view host = text.substr(0, colon);
    const bool v6 = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
    if (v6) host = host.substr(1, host.size() - 2);
    if (!port || !std::ranges::all_of(host, [&](char c) { return is_host_character(c, v6); }))
        return std::nullopt;
    return ListenAddress{.host = host.empty() ? "0.0.0.0" : std::string(host), .port = *port};
}

std::optional<std::string> parse_origin(std::string_view text) {
    if (!is_url(text, {"http", "https"})) return std::nullopt;
    const std::string_view host = text.substr(text.find("//") + 2);
    if (host.find_first_of("/?#@") != std::string_view::npos) return std::nullopt;
    return std::string(text);
}

template <class Check>
auto as_string(Check check) {
    return [check](std::string_view text) {
        return check(text) ? std::optional<std::string>(text) : std::nullopt;
    };
}

Node write_string(const std::string& value) {
    return string(value);
}

Node write_secret(const Secret& value) {
    return string(value.reveal());
}

}  // namespace

bool is_url(std::string_view text, const std::vector<std::string_view>& schemes) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || !is_url_text(text)) return false;
    const std::string_view scheme = text.substr(0, colon);
    std::string_view rest = text.substr(colon + 1);
    if (std::ranges::find(schemes, scheme) == schemes.end()) return false;
    if (scheme == "sqlite") return !rest.empty() && !rest.starts_with("//");
    if (!rest.starts_with("//")) return false;
    rest.remove_prefix(2);
    if (scheme == "unix") return rest.size() > 1 && rest[0] == '/';
    if (scheme.starts_with("postgres") && host_part(rest).empty()) return true;  // a local socket
    return is_host_and_port(host_part(rest));
}

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

Kind<Url> url(std::vector<std::string_view> schemes) {
    std::string expects = fmt::format("an address that starts with {}", fmt::join(schemes, " or "));
    const std::string pattern = fmt::format("^({}):", fmt::join(schemes, "|"));
    return scalar<Url>({.expects = std::move(expects),
                        .schema = pattern_schema(pattern),
                        .parse = [schemes = std::move(schemes)](std::string_view text) -> std::optional<Url> {
                            if (!is_url(text, schemes)) return std::nullopt;
                            return Url(std::string(text));
                        },
                        .write = [](const Url& value) { return string(value.with_password()); }});
}

Kind<Secret> secret_url() {
    return scalar<Secret>({.expects = "an address that starts with http or https",
                           .schema = pattern_schema("^https?://"),
                           .parse = [](std::string_view text) -> std::optional<Secret> {
                               if (!is_url(text, {"http", "https"})) return std::nullopt;
                               return Secret(std::string(text));
                           },
                           .write = write_secret});
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

Kind<ListenAddress> listen_address() {
    return scalar<ListenAddress>({.expects = "an address and a port, like 0.0.0.0:8000 or [::1]:8000",
                                  .schema = pattern_schema(":[0-9]{1,5}$"),
                                  .parse = parse_listen,
                                  .write = [](const ListenAddress& value) {
                                      std::string text = print(value);
                                      return text.starts_with('[') ? string(std::move(text))
                                                                   : bare(std::move(text));
                                  }});
}

Kind<std::string> web_origin() {
    return scalar<std::string>({.expects = "an origin without a path, like https://grafana.example.com",
                                .schema = pattern_schema("^https?://[^/?#@]+$"),
                                .parse = parse_origin,
                                .write = write_string});
}

Kind<Argv> argv() {
    return list_of("a list: a program and its arguments", text("a program or an argument that is not empty"));
}

}  // namespace rm::config
