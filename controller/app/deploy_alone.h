// SPDX-License-Identifier: Apache-2.0
// A deployment without a daemon: this process takes the lease of the engine, writes the same journal and
// drives it until the deployment has ended. What was under way there goes on with it. A signal leaves the row
// for the next one: a daemon, or the same command again.
#pragma once

#include <functional>
#include <string>

#include "app/execute.h"
#include "config/config.h"
#include "core/names.h"
#include "core/result.h"
#include "serve/wanted.h"
#include "store/database.h"

namespace rm::app {

struct LoneOrder {
    std::string service;  // as people name it
    /// What is wanted, once the full name is known.
    std::function<Result<serve::Wanted>(store::Database&, const ServiceName&)> wanted;
    bool json = false;
};

/// Returns when it has ended, with the exit codes of `deploy --wait`. To be called on the main thread, before
/// any other is started.
ExitCode deploy_alone(const config::Config& config, const LoneOrder& order, const Environment& environment);

}  // namespace rm::app
