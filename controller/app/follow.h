// SPDX-License-Identifier: Apache-2.0
// Follows a deployment of the daemon's to its end.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "app/api_client.h"
#include "app/views/deployment_view.h"
#include "core/clock.h"
#include "core/result.h"

namespace rm::app {

struct Followed {
    std::string json;  // of the last answer
    DeploymentView deployment;
};

/// Hears of the deployment each time it was looked at.
using OnLook = std::function<void(const DeploymentView&)>;

/// Returns when it has ended. A daemon that is away is waited for, some minutes long: it takes a deployment
/// up again when it is back.
Result<Followed> follow(ApiClient& daemon, std::int64_t id, Clock& clock, const OnLook& on_look);

}  // namespace rm::app
