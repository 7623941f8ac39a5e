// SPDX-License-Identifier: Apache-2.0
// The sections of the table of keys; each stands in the file of its name.
#pragma once

#include "config/key.h"

namespace rm::config {

Keys prometheus_keys();
Keys docker_keys();
Keys monitoring_keys();
Keys thresholds_keys();
Keys adjustment_keys();
Keys bounds_keys();
Keys deployment_keys();
Keys defaults_keys();
Keys services_keys();
Keys notifications_keys();
Keys watch_keys();
Keys store_keys();
Keys http_keys();
Keys logging_keys();

// Parts of deployment_keys().
Keys deployment_health_keys();
Keys deployment_traffic_keys();

}  // namespace rm::config
