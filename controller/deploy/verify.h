// SPDX-License-Identifier: Apache-2.0
// Whether the traffic would find green before blue is taken out of it: green answers, and the routers that
// can be asked send it requests. An error is `unavailable` or `not_found` where that may still come.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "config/settings.h"
#include "core/result.h"
#include "docker/container.h"
#include "docker/engine.h"

namespace rm::deploy {

/// What was found, for people. Blue counts only while it serves.
Result<std::string> verify_outside(docker::Engine& engine, const std::optional<docker::Container>& blue,
                                   const docker::Container& green, const config::Deployment& wanted,
                                   const std::stop_token& stop);

}  // namespace rm::deploy
