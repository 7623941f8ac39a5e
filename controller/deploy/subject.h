// SPDX-License-Identifier: Apache-2.0
// Looks at the engine for a preflight: the service's containers, and everything else on the host that may be
// in the way.
#pragma once

#include <stop_token>

#include "config/config.h"
#include "core/clock.h"
#include "core/names.h"
#include "core/result.h"
#include "deploy/preflight.h"
#include "docker/engine.h"

namespace rm::deploy {

/// `service` may lack its project where that is clear: `not_found` and `conflict` as docker::resolve() has
/// them. The policy counts the labels of its containers; `invalid` when they are wrong. Which limits are
/// wanted and how much memory the host uses is left to the caller.
Result<Subject> look_at(docker::Engine& engine, const ServiceName& service, const config::Config& config,
                        WallTime now, const std::stop_token& stop);

}  // namespace rm::deploy
