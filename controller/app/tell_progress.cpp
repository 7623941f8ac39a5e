// SPDX-License-Identifier: Apache-2.0
#include "app/tell_progress.h"

#include <cstdio>

#include <unistd.h>

namespace rm::app {
namespace {

ExitCode code_of(const DeploymentView& ended) {
    if (ended.status == "succeeded") return ExitCode::ok;
    return ended.status == "rolled_back" ? ExitCode::rolled_back : ExitCode::deploy_failed;
}

bool can_write_over_lines(const Environment& environment) {
    const auto kind = environment.find("TERM");
    return isatty(STDERR_FILENO) == 1 && kind != environment.end() && kind->second != "dumb";
}

}  // namespace

ProgressTeller::ProgressTeller(const Environment& environment)
    : progress_(terminal_of(STDERR_FILENO, environment), can_write_over_lines(environment)) {}

void ProgressTeller::look(const DeploymentView& deployment) {
    std::fputs(progress_.show(deployment).c_str(), stderr);
    std::fflush(stderr);
}

ExitCode ProgressTeller::end(const Followed& ended, bool json) {
    std::fputs(print_end(ended.deployment).c_str(), stderr);
    if (json)
        if (const ExitCode written = write_out(ended.json); written != ExitCode::ok) return written;
    return code_of(ended.deployment);
}

}  // namespace rm::app
