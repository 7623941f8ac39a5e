// SPDX-License-Identifier: Apache-2.0
// What a preflight says of each service, as serve/ knows it, and as the API and `preflight --once` show it.
// The members' names are promises: docs/api.md has them all. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "config/strategy.h"
#include "core/clock.h"
#include "core/limits.h"
#include "core/names.h"
#include "core/result.h"

namespace rm::serve {

/// What somebody wants to know.
struct PreflightAsked {
    std::optional<std::string> service = {};        // as people name it; nothing: all of them
    std::optional<Limits> to = {};                  // as if that was wanted; a missing one stays as it is
    std::optional<config::Strategy> strategy = {};  // in the place of the configured one
};

struct PreflightOption {
    config::Strategy strategy = config::Strategy::blue_green;
    std::vector<std::string> against;  // sentences; none: it is possible
};

struct PreflightOf {
    ServiceName service;
    std::string shown_as;
    bool managed = true;
    config::Strategy configured = config::Strategy::blue_green;
    std::optional<config::Strategy> strategy;  // what it gets; nothing: no deployment
    std::string why;
    std::vector<PreflightOption> options;  // none: it could not be looked at, and `why` says so
    std::vector<std::string> replicas;
    std::optional<Limits> from;                  // nothing: it has no container
    std::optional<Limits> to;                    // nothing: none were asked for
    std::vector<std::string> steps = {};         // what would be done to get there
    std::optional<std::int64_t> under_way = {};  // the number of a deployment that has to end first
};

struct PreflightReport {
    WallTime at;
    std::vector<PreflightOf> services;  // by name
};

/// Looks and changes nothing; may take long. The errors of docker::resolve() for a service.
using LookAhead = std::function<Result<PreflightReport>(const PreflightAsked&, const std::stop_token&)>;

/// GET /api/preflight
std::string preflight_json(const PreflightReport& report);

}  // namespace rm::serve
