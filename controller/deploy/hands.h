// SPDX-License-Identifier: Apache-2.0
// Hands: does what a deployment wants done, at the engine, in the containers and by the user's programs.
// Keeps nothing; any thread.
#pragma once

#include <stop_token>
#include <string>

#include "config/settings.h"
#include "core/result.h"
#include "deploy/action.h"
#include "deploy/deployment.h"
#include "deploy/sight.h"
#include "docker/engine.h"

namespace rm::deploy {

struct Task {
    const Action& action;
    const Deployment& deployment;
    const Sight& sight;
    const config::ServicePolicy& policy;

    [[nodiscard]] const Replacement& replica() const { return deployment.replicas[deployment.current]; }
};

class Hands {
public:
    /// `engine` must outlive it.
    explicit Hands(docker::Engine& engine) : engine_(engine) {}

    /// What there is to tell of it for people; may be empty.
    Result<std::string> perform(const Task& task, const std::stop_token& stop);

private:
    Result<std::string> create_green(const Task& task, const std::stop_token& stop);
    Result<std::string> furnish_green(const Task& task, const std::stop_token& stop);
    Result<std::string> keep_evidence(const Task& task, const std::stop_token& stop);
    Status start_green(const Task& task, const std::stop_token& stop);
    Result<std::string> at_green(const Task& task, const std::stop_token& stop);
    Result<std::string> at_blue(const Task& task, const std::stop_token& stop);
    Result<std::string> drain_blue(const Task& task, const std::stop_token& stop);
    Result<std::string> undrain_blue(const Task& task, const std::stop_token& stop);
    void tidy_up(const Task& task, const std::stop_token& stop);

    docker::Engine& engine_;
};

}  // namespace rm::deploy
