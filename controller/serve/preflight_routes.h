// SPDX-License-Identifier: Apache-2.0
// What a deployment would be like. Internal to serve/; `service_routes` has it among the others.
#pragma once

#include "serve/service_routes.h"

namespace rm::serve {

/// None when the views can't look ahead.
Routes preflight_routes(const ServiceViews& views);

}  // namespace rm::serve
