// SPDX-License-Identifier: Apache-2.0
#include "config/address_kinds.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <span>

#include "core/ip_address.h"
#include "core/store_location.h"
#include "core/text.h"
#include "core/url.h"

namespace rm::config {
namespace {

constexpr std::size_t longest_address = 4096;

/// In lower case, as JSON Schema's pattern has it.
Status check_scheme(std::string_view text, std::span<const std::string_view> schemes) {
    if (text.size() > longest_address)
        return fail(ErrorCode::invalid, "it is longer than {} characters", longest_address);
    if (std::ranges::find(schemes, text.substr(0, text.find(':'))) == schemes.end())
        return fail(ErrorCode::invalid, "it starts with something else");
    return {};
}

constexpr std::array<std::string_view, 2> web_schemes = {"http", "https"};

Result<rm::Url> read_web_address(std::string_view text) {
    if (const auto checked = check_scheme(text, web_schemes); !checked) return fail(checked.error());
    return rm::Url::read(text);
}

/// What is put behind a query would be lost in it.
Status check_base(const Result<rm::Url>& url) {
    if (!url) return fail(url.error());
    if (url->target().find('?') != std::string::npos)
        return fail(ErrorCode::invalid, "paths are put behind it, so it can't have a query");
    return {};
}

Status check_web_address(std::string_view text) {
    return check_base(read_web_address(text));
}

Status check_docker_host(std::string_view text) {
    constexpr std::array<std::string_view, 4> schemes = {"tcp", "unix", "http", "https"};
    if (const auto checked = check_scheme(text, schemes); !checked) return checked;
    return check_base(read_docker_host(text, false));
}

Status check_store_url(std::string_view text) {
    constexpr std::array<std::string_view, 3> schemes = {"sqlite", "postgresql", "postgres"};
    if (const auto checked = check_scheme(text, schemes); !checked) return checked;
    if (!is_printable(text)) return fail(ErrorCode::invalid, "it has a character that cannot be printed");
    if (const auto location = parse_store_location(text); !location) return fail(location.error());
    return {};
}

Kind<Url> url(std::string expects, std::string pattern, Status (*check)(std::string_view)) {
    return scalar<Url>({.expects = std::move(expects),
                        .schema = pattern_schema(std::move(pattern)),
                        .parse = [check](std::string_view text) -> std::optional<Url> {
                            if (!check(text)) return std::nullopt;
                            return Url(std::string(text));
                        },
                        .write = [](const Url& value) { return string(value.with_password()); },
                        .why =
                            [check](std::string_view text) {
                                const auto checked = check(text);
                                return checked ? std::string() : checked.error().message;
                            }});
}

std::optional<ListenAddress> parse_listen(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    std::string_view host = text.substr(0, colon);
    if (host.empty()) return ListenAddress{.host = "0.0.0.0", .port = port};
    const bool v6 = host.starts_with('[') && is_host(host);
    if (!v6 && !is_ipv4(host)) return std::nullopt;
    if (v6) host = host.substr(1, host.size() - 2);
    return ListenAddress{.host = std::string(host), .port = port};
}

/// A host that looks like an address but is none, such as 1.2.3, is nobody's.
std::string why_no_listen(std::string_view text) {
    const auto colon = text.rfind(':');
    const bool named = colon != std::string_view::npos && colon > 0 && is_host(text.substr(0, colon));
    return named ? "an IP address, not a name: names can stand for several" : "";
}

/// Browsers leave out the port where it is the scheme's own, and write hosts in lower case.
std::optional<std::string> parse_origin(std::string_view text) {
    const auto url = read_web_address(text);
    const bool bare_host = text.find('/', text.find("//") + 2) == std::string_view::npos;
    if (!url || !bare_host || !url->target().empty() || !url->user().empty()) return std::nullopt;
    const bool usual = !url->port() || *url->port() == (url->tls() ? 443 : 80);
    return fmt::format("{}://{}{}", url->tls() ? "https" : "http", lower(url->host()),
                       usual ? std::string() : fmt::format(":{}", *url->port()));
}

std::optional<std::string> parse_host_name(std::string_view text) {
    return is_host(text) ? std::optional(lower(text)) : std::nullopt;
}

}  // namespace

bool is_web_address(std::string_view text) {
    return read_web_address(text).has_value();
}

Kind<Url> web_address() {
    return url("an address that starts with http or https", "^(http|https):", check_web_address);
}

Kind<Url> docker_host() {
    return url("an address that starts with tcp or unix or http or https",
               "^(tcp|unix|http|https):", check_docker_host);
}

Kind<Url> store_url() {
    return url("an address that starts with sqlite or postgresql or postgres",
               "^(sqlite|postgresql|postgres):", check_store_url);
}

Kind<Secret> secret_url() {
    return scalar<Secret>({.expects = "an address that starts with http or https",
                           .schema = pattern_schema("^https?://"),
                           .parse = [](std::string_view text) -> std::optional<Secret> {
                               if (!is_web_address(text)) return std::nullopt;
                               return Secret(std::string(text));
                           },
                           .write = [](const Secret& value) { return string(value.reveal()); }});
}

Kind<ListenAddress> listen_address() {
    return scalar<ListenAddress>({.expects = "an IP address and a port, like 0.0.0.0:8000 or [::1]:8000",
                                  .schema = pattern_schema(":[0-9]{1,5}$"),
                                  .parse = parse_listen,
                                  .write =
                                      [](const ListenAddress& value) {
                                          std::string text = print(value);
                                          return text.starts_with('[') ? string(std::move(text))
                                                                       : bare(std::move(text));
                                      },
                                  .why = why_no_listen});
}

Kind<std::string> web_origin() {
    return scalar<std::string>({.expects = "an origin without a path, like https://grafana.example.com",
                                .schema = pattern_schema("^https?://[^/?#@]+$"),
                                .parse = parse_origin,
                                .write = write_string});
}

Kind<std::string> host_name() {
    return scalar<std::string>(
        {.expects = "a host without a port, like resource-manager.example.com or [::1]",
         .schema = pattern_schema(R"(^([A-Za-z0-9_][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])$)"),
         .parse = parse_host_name,
         .write = write_string});
}

}  // namespace rm::config
