// SPDX-License-Identifier: Apache-2.0
// What other programs take over from us. Internal to serve/; `service_routes` has it among the others.
#pragma once

#include "serve/service_routes.h"

namespace rm::serve {

Routes export_routes(const ServiceViews& views);

}  // namespace rm::serve
