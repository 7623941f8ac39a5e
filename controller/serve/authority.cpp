// SPDX-License-Identifier: Apache-2.0
#include "serve/authority.h"

#include <algorithm>
#include <cstddef>

#include <arpa/inet.h>

#include "core/text.h"

namespace rm::serve {
namespace {

constexpr std::size_t longest_name = 255;

bool is_name_character(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_';
}

bool is_address(int family, const std::string& text) {
    in6_addr room{};
    return inet_pton(family, text.c_str(), &room) == 1;
}

/// An empty port is allowed after the colon.
bool is_port(std::string_view text) {
    return text.size() <= 5 && std::ranges::all_of(text, is_digit) && (text.size() < 5 || text <= "65535");
}

std::optional<Authority> bracketed(std::string_view text, std::string_view& rest) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    Authority authority{.host = std::string(text.substr(1, end - 1)), .port = {}, .is_address = true};
    if (!is_address(AF_INET6, authority.host)) return std::nullopt;
    rest = text.substr(end + 1);
    return authority;
}

std::optional<Authority> named(std::string_view text, std::string_view& rest) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    Authority authority{.host = std::string(text.substr(0, colon)), .port = {}, .is_address = false};
    if (authority.host.ends_with('.')) authority.host.pop_back();
    if (authority.host.empty() || !std::ranges::all_of(authority.host, is_name_character))
        return std::nullopt;
    authority.is_address = is_address(AF_INET, authority.host);
    rest = text.substr(colon);
    return authority;
}

/// What the scheme adds when no port is written.
std::string_view default_port(std::string_view scheme) {
    if (scheme == "http") return "80";
    return scheme == "https" ? "443" : "";
}

}  // namespace

std::optional<Authority> parse_authority(std::string_view text) {
    if (text.empty() || text.size() > longest_name) return std::nullopt;
    const std::string lowered = lower(text);
    std::string_view rest;
    auto authority = lowered.front() == '[' ? bracketed(lowered, rest) : named(lowered, rest);
    if (!authority) return std::nullopt;
    if (!rest.empty()) {
        if (rest.front() != ':' || !is_port(rest.substr(1))) return std::nullopt;
        authority->port = rest.substr(1);
    }
    return authority;
}

bool same_origin(std::string_view origin, std::string_view host) {
    const std::size_t colon = origin.find("://");
    if (colon == std::string_view::npos) return false;
    const std::string scheme = lower(origin.substr(0, colon));
    auto page = parse_authority(origin.substr(colon + 3));
    auto server = parse_authority(host);
    if (!page || !server) return false;
    if (page->port.empty()) page->port = default_port(scheme);
    if (server->port.empty()) server->port = default_port(scheme);
    return !page->port.empty() && page == server;
}

}  // namespace rm::serve
