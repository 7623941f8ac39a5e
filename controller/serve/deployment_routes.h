// SPDX-License-Identifier: Apache-2.0
// The history of deployments. Internal to serve/; `service_routes` has them among the others.
#pragma once

#include "serve/service_routes.h"

namespace rm::serve {

Routes deployment_routes(const ServiceViews& views);

}  // namespace rm::serve
