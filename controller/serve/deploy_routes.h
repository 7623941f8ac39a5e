// SPDX-License-Identifier: Apache-2.0
// Deployments by hand. Internal to serve/; `service_routes` has them among the others.
#pragma once

#include "serve/service_routes.h"

namespace rm::serve {

/// None when the views can't deploy.
Routes deploy_routes(const ServiceViews& views);

}  // namespace rm::serve
