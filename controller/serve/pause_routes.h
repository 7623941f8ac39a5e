// SPDX-License-Identifier: Apache-2.0
// Pausing a service and resuming it. Internal to serve/; `service_routes` has them among the others.
#pragma once

#include "serve/service_routes.h"

namespace rm::serve {

Routes pause_routes(const ServiceViews& views);

}  // namespace rm::serve
