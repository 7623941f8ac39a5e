// SPDX-License-Identifier: Apache-2.0
// The routes every installation has: the landing page, /health, /metrics, /version, /-/healthy, /-/ready,
// /-/reload and the explanations of our problem types.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "serve/health.h"
#include "serve/problem.h"
#include "serve/route.h"
#include "telemetry/metrics.h"

namespace rm::serve {

/// What a reload changed (dotted keys), or everything that is wrong with the new configuration.
using Reloaded = tl::expected<std::vector<std::string>, std::vector<Complaint>>;

struct Management {
    const HealthBoard& health;  // these must outlive the server
    telemetry::Metrics& metrics;
    std::string version;
    std::function<Reloaded()> reload;         // called from a worker thread, while
    std::function<bool()> reload_is_on = {};  // says so; empty: never
};

/// With `others`, which the landing page lists too.
Routes management_routes(const Management& management, Routes others = {});

}  // namespace rm::serve
