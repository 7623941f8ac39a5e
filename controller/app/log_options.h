// SPDX-License-Identifier: Apache-2.0
// The configuration's logging section as telemetry/ wants it.
#pragma once

#include "config/settings.h"
#include "telemetry/log.h"

namespace rm::app {

log::Options log_options(const config::Logging& logging);

}  // namespace rm::app
