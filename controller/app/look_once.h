// SPDX-License-Identifier: Apache-2.0
// A look without a daemon, for `--once`: what a check would see and decide now. Nothing is counted,
// remembered or changed.
#pragma once

#include <memory>
#include <stop_token>

#include "config/config.h"
#include "core/result.h"
#include "decide/check.h"

namespace rm::app {

/// An error says what stands in the way. The check is never null.
Result<std::shared_ptr<const decide::Check>> look_once(const config::Config& config,
                                                       const std::stop_token& stop);

}  // namespace rm::app
