// SPDX-License-Identifier: Apache-2.0
// A check as the reconcile loop could have made it, with a service for each thing that a view has to show:
//     shop/web      would get more CPU, has two replicas and an assumed limit
//     shop/db       critical, at the maximum of its memory
//     blog/web      its usage is not known; shares its short name with shop/web
//     shop/cache    within its thresholds, in its cooldown
#pragma once

#include <functional>
#include <string>

#include <boost/json.hpp>

#include "core/clock.h"
#include "decide/check.h"

namespace rm::serve {

/// 2026-01-01 12:00:00 UTC
WallTime noon();

decide::Check hand_made_check();

/// Gives the service a policy of its own, changed so.
void set_policy(decide::Assessment& service, const std::function<void(config::ServicePolicy&)>& change);

/// What `text` says, which is a JSON object.
boost::json::object parsed(const std::string& text);

}  // namespace rm::serve
