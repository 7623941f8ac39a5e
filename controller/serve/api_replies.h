// SPDX-License-Identifier: Apache-2.0
// What the handlers of /api have in common. Internal to serve/.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "serve/check_json.h"
#include "serve/http.h"
#include "serve/service_routes.h"

namespace rm::serve {

/// JSON that a client may keep and ask again whether it still holds.
Response revalidated(std::string body);

/// 503 while nothing has been looked at yet.
Response no_check_yet(const ServiceViews& views);

/// The store's pauses; nothing if it can't be asked.
Pauses current_pauses(const ServiceViews& views);

/// Refuses a parameter that is not known here, or given twice.
std::optional<Response> check_parameters(const Request& request,
                                         std::initializer_list<std::string_view> known);

/// How many entries a page of a list has.
inline constexpr std::int64_t usual_page = 100;
inline constexpr std::int64_t largest_page = 1000;

/// The parameter `name`, a whole number from 1 to `most`; nothing if it was not given.
Result<std::optional<std::int64_t>> whole_number(const Request& request, std::string_view name,
                                                 std::int64_t most);

/// The value of `{name}` in the route's pattern.
std::string_view name_of(const Request& request);

}  // namespace rm::serve
