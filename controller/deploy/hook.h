// SPDX-License-Identifier: Apache-2.0
// The user's programs around a deployment: the hooks, and the script that deploys by itself. They learn what
// it is about from their environment: RESOURCE_MANAGER_SERVICE, _DEPLOYMENT, _EVENT, _CPU, _MEMORY,
// _OLD_NAME, _OLD_ID, _NEW_NAME, _NEW_ID. A hook may run twice when the controller was killed meanwhile.
#pragma once

#include <stop_token>
#include <string>

#include "config/settings.h"
#include "core/result.h"
#include "deploy/action.h"
#include "deploy/deployment.h"

namespace rm::deploy {

/// What it wrote, cut. An error says how it ended.
Result<std::string> run_hook(const config::Argv& argv, Act act, const Deployment& deployment,
                             const std::stop_token& stop);

/// `{service}`, `{cpu}` and `{memory}` in its arguments are filled in; where none of them stands, the three
/// are added.
Result<std::string> run_script(const config::Argv& argv, const Deployment& deployment,
                               const std::stop_token& stop);

}  // namespace rm::deploy
