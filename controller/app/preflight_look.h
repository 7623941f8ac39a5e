// SPDX-License-Identifier: Apache-2.0
// A preflight of one service or of all: looks once at every container of the host and asks deploy/ what
// stands in the way of which strategy. Changes nothing.
#pragma once

#include <optional>
#include <stop_token>

#include "config/config.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"
#include "decide/check.h"
#include "docker/engine.h"
#include "docker/permissions.h"
#include "serve/preflight_json.h"

namespace rm::app {

/// The memory that the last check saw in use on the host; nothing if it did not know. `check` may be null.
std::optional<Bytes> memory_used_of(const decide::Check* check);

/// What a preflight can't see of the containers.
struct Circumstances {
    WallTime now;
    std::optional<Bytes> memory_used = {};  // of the host
    docker::Permissions permissions = {};
};

/// `not_found` and `conflict` as docker::resolve() has them.
Result<serve::PreflightReport> look_ahead(docker::Engine& engine, const config::Config& config,
                                          const Circumstances& now, const serve::PreflightAsked& asked,
                                          const std::stop_token& stop);

/// The same without a daemon, as JSON.
Result<std::string> look_ahead_once(const config::Config& config, const serve::PreflightAsked& asked);

}  // namespace rm::app
