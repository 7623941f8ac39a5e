// SPDX-License-Identifier: Apache-2.0
// The exit codes, as `resource-manager --help` and docs/commands.md promise them.
#pragma once

namespace rm::app {

enum class ExitCode : int {
    ok = 0,
    failed = 1,         // the command could not do what it was asked
    usage = 2,          // wrong command line or configuration; nothing was done
    cannot_start = 3,   // a part that the daemon cannot do without did not start
    forced = 4,         // the shutdown was cut short, by its deadline or a second signal
    rolled_back = 5,    // the deployment did not succeed, and the service is as it was
    deploy_failed = 6,  // the deployment did not succeed, and the service is not as it was
    refused = 7,        // the deployment was refused; nothing was changed
};

}  // namespace rm::app
