// SPDX-License-Identifier: Apache-2.0
#include "serve/access.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "core/text.h"
#include "serve/authority.h"
#include "serve/problem.h"

namespace rm::serve {
namespace {

std::string_view host_of(const Request& request) {
    const std::string* const host = find(request.headers, "Host");
    return host == nullptr ? std::string_view() : std::string_view(*host);
}

std::size_t count(const Headers& headers, std::string_view name) {
    return static_cast<std::size_t>(
        std::ranges::count_if(headers, [&](const Header& header) { return lower(header.name) == name; }));
}

bool is_configured(std::string_view origin, const Access& access) {
    return std::ranges::find(access.cors_origins, origin) != access.cors_origins.end();
}

/// Without a list every name is fine; with one, addresses are too: they can't be rebound.
bool is_allowed(const Authority& authority, const Access& access) {
    if (access.allowed_hosts.empty() || authority.is_address || authority.host == "localhost") return true;
    return std::ranges::any_of(access.allowed_hosts,
                               [&](const std::string& name) { return lower(name) == authority.host; });
}

std::string_view bearer_token(const Request& request) {
    const std::string* const header = find(request.headers, "Authorization");
    constexpr std::string_view scheme = "bearer ";
    if (header == nullptr || lower(header->substr(0, scheme.size())) != scheme) return {};
    std::string_view token = *header;
    token.remove_prefix(std::min(token.find_first_not_of(' ', scheme.size()), token.size()));
    return token;
}

Response unauthorized(std::string_view detail, std::string challenge) {
    Response response = problem("unauthorized", detail);
    response.headers.push_back({.name = "WWW-Authenticate", .value = std::move(challenge)});
    return response;
}

}  // namespace

bool same_secret(std::string_view expected, std::string_view given) {
    if (expected.empty()) return false;
    auto difference = expected.size() ^ given.size();
    for (std::size_t i = 0; i < given.size(); ++i) {
        const volatile char mine = expected[i % expected.size()];
        difference |= static_cast<std::size_t>(static_cast<unsigned char>(mine ^ given[i]));
    }
    return difference == 0;
}

std::optional<Response> check_host(const Request& request, std::string_view authority, const Access& access) {
    const std::size_t hosts = count(request.headers, "host");
    if (hosts > 1) return problem("bad-request", "the Host header stands more than once");
    if (hosts == 0 && authority.empty()) return std::nullopt;
    const std::string_view named = authority.empty() ? host_of(request) : authority;
    const auto parsed = parse_authority(named);
    if (!parsed) return problem("bad-request", "the Host " + quoted(named) + " is not a name or an address");
    if (!is_allowed(*parsed, access))
        return problem("unknown-host", "this server does not answer for the host " + quoted(parsed->host));
    return std::nullopt;
}

std::optional<Response> check_origin(const Request& request, const Access& access) {
    const std::string* const origin = find(request.headers, "Origin");
    if (request.reads_only() || origin == nullptr) return std::nullopt;
    if (count(request.headers, "origin") == 1 &&
        (is_configured(*origin, access) || same_origin(*origin, host_of(request))))
        return std::nullopt;
    return problem("foreign-origin", "a page from " + quoted(*origin) + " may not change anything here");
}

std::optional<Response> check_guard(const Request& request, Guard guard, const Access& access) {
    if (guard == Guard::open) return std::nullopt;
    if (access.token.empty())
        return problem("writing-off", "writing is off: set http.token_file to allow it");
    const std::string_view token = bearer_token(request);
    if (token.empty())
        return unauthorized("this route needs a bearer token", R"(Bearer realm="resource-manager")");
    if (!same_secret(access.token.reveal(), token))
        return unauthorized("the bearer token is not the right one",
                            R"(Bearer realm="resource-manager", error="invalid_token")");
    return std::nullopt;
}

void add_cors(const Request& request, const Access& access, Response& response) {
    if (access.cors_origins.empty()) return;
    response.headers.push_back({.name = "Vary", .value = "Origin"});
    const std::string* const origin = find(request.headers, "Origin");
    if (origin == nullptr || !is_configured(*origin, access)) return;
    response.headers.push_back({.name = "Access-Control-Allow-Origin", .value = *origin});
}

Response preflight(const Request& request, std::string_view allow, const Access& access) {
    Response response;
    response.status = 204;
    response.content_type.clear();
    response.headers.push_back({.name = "Allow", .value = std::string(allow)});
    const std::string* const origin = find(request.headers, "Origin");
    if (origin == nullptr || !is_configured(*origin, access)) return response;
    if (find(request.headers, "Access-Control-Request-Method") == nullptr) return response;
    response.headers.push_back({.name = "Access-Control-Allow-Methods", .value = std::string(allow)});
    response.headers.push_back(
        {.name = "Access-Control-Allow-Headers", .value = "Authorization, Content-Type"});
    response.headers.push_back({.name = "Access-Control-Max-Age", .value = "600"});
    return response;
}

}  // namespace rm::serve
