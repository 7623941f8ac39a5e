// SPDX-License-Identifier: Apache-2.0
#include "net/http_request.h"

#include <algorithm>
#include <array>

#include "core/text.h"

namespace rm::net {
namespace {

/// These frame the message or name the peer: ours to set.
constexpr std::array<std::string_view, 8> reserved = {
    "host", "content-length", "transfer-encoding", "connection", "expect", "upgrade", "te", "trailer"};

bool fits_in_a_header(std::string_view value) {
    return std::ranges::all_of(
        value, [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); });
}

Status check_header(const Header& header) {
    if (!is_http_token(header.name))
        return fail(ErrorCode::invalid, "{} is not a header's name", quoted(header.name));
    if (std::ranges::find(reserved, lower(header.name)) != reserved.end())
        return fail(ErrorCode::invalid, "the header {} cannot be set by the caller", header.name);
    if (!fits_in_a_header(header.value))
        return fail(ErrorCode::invalid, "the header {} has a control character in its value", header.name);
    return {};
}

}  // namespace

std::string_view to_string(Method method) {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::head:
            return "HEAD";
        case Method::post:
            return "POST";
        case Method::put:
            return "PUT";
        case Method::del:
            return "DELETE";
    }
    return "?";
}

const std::string* find(const Headers& headers, std::string_view name) {
    const std::string wanted = lower(name);
    const auto found =
        std::ranges::find_if(headers, [&](const Header& h) { return lower(h.name) == wanted; });
    return found == headers.end() ? nullptr : &found->value;
}

Result<std::string> check(const Request& request) {
    for (const Header& header : request.headers)
        if (const auto checked = check_header(header); !checked) return fail(checked.error());
    if (!fits_in_a_header(request.token.reveal()))
        return fail(ErrorCode::invalid,
                    "the bearer token has a control character (a line break at its end?)");
    const int authorised = (request.token.empty() ? 0 : 1) + (request.url.user().empty() ? 0 : 1) +
                           (find(request.headers, "Authorization") ? 1 : 0);
    if (authorised > 1)
        return fail(ErrorCode::invalid,
                    "only one of a token, a user in the URL and an Authorization header can be sent");
    if (!request.body.empty() && (request.method == Method::get || request.method == Method::head))
        return fail(ErrorCode::invalid, "a {} has no body", to_string(request.method));
    return joined(request.url, request.target);
}

std::string print(const Request& request) {
    return fmt::format("{} {}", to_string(request.method), print(request.url, request.target));
}

}  // namespace rm::net
