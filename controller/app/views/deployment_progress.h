// SPDX-License-Identifier: Apache-2.0
// DeploymentProgress: what is told of a deployment that is followed, each time it was looked at: the lines of
// its log that are new and, on a terminal, one line with a bar that is written over and over. Pure.
#pragma once

#include <cstddef>
#include <string>

#include "app/views/deployment_view.h"
#include "app/views/terminal.h"

namespace rm::app {

class DeploymentProgress {
public:
    /// `live`: the output is a terminal that can write over its last line.
    DeploymentProgress(const Terminal& terminal, bool live) : terminal_(terminal), live_(live) {}

    /// What is to be written now.
    std::string show(const DeploymentView& deployment);

private:
    [[nodiscard]] std::string bar_line(const DeploymentView& deployment);

    Terminal terminal_;
    bool live_;
    std::size_t told_ = 0;  // lines of the log
    std::string phase_;     // as told last
    double share_ = 0;      // of the way; never goes back
};

/// How it ended: `shop/web: 1 -> 2 CPU by blue_green, succeeded after 1m4s`, and why not.
std::string print_end(const DeploymentView& deployment);

}  // namespace rm::app
