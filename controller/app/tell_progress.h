// SPDX-License-Identifier: Apache-2.0
// ProgressTeller: tells on stderr how a deployment that is waited for goes on, and how it ended.
#pragma once

#include <string>

#include "app/execute.h"
#include "app/follow.h"
#include "app/views/deployment_progress.h"
#include "app/views/deployment_view.h"

namespace rm::app {

class ProgressTeller {
public:
    explicit ProgressTeller(const Environment& environment);

    void look(const DeploymentView& deployment);

    /// With `json` the last answer goes to stdout. How the command ends.
    static ExitCode end(const Followed& ended, bool json);

private:
    DeploymentProgress progress_;
};

}  // namespace rm::app
