// SPDX-License-Identifier: Apache-2.0
// Who may come in: the Host allow-list, the origin of pages, the bearer token. Each check gives the refusal,
// or nothing when the request may pass.
#pragma once

#include <optional>
#include <string_view>

#include "serve/http.h"
#include "serve/options.h"
#include "serve/route.h"

namespace rm::serve {

/// Against DNS rebinding, where a page's own name is pointed at us. Also refuses a Host that is malformed or
/// stands twice. `authority` is that of an absolute target, which then counts instead; else empty.
std::optional<Response> check_host(const Request& request, std::string_view authority, const Access& access);

/// A browser sends Origin with every write: it has to be our own page or a configured one. Programs send
/// none.
std::optional<Response> check_origin(const Request& request, const Access& access);

std::optional<Response> check_guard(const Request& request, Guard guard, const Access& access);

/// What a configured origin's browser has to be told; `allow` answers a preflight.
void add_cors(const Request& request, const Access& access, Response& response);
Response preflight(const Request& request, std::string_view allow, const Access& access);

/// Compares in a time that depends on the length of `given` only.
bool same_secret(std::string_view expected, std::string_view given);

}  // namespace rm::serve
