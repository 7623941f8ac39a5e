// SPDX-License-Identifier: Apache-2.0
// Where a command's configuration comes from: the file that was named or found, the environment, --set.
#pragma once

#include <optional>

#include "app/execute.h"
#include "config/config.h"

namespace rm::app {

config::Sources sources_for(const ConfigChoice& choice, const Environment& environment);

/// Loads it, or prints everything that is wrong to stderr.
std::optional<config::Config> load_or_complain(const config::Sources& sources);

}  // namespace rm::app
