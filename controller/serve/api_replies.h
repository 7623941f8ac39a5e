// SPDX-License-Identifier: Apache-2.0
// What the handlers of /api have in common. Internal to serve/.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

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

/// The value of `{name}` in the route's pattern.
std::string_view name_of(const Request& request);

}  // namespace rm::serve
