// SPDX-License-Identifier: Apache-2.0
// Watch: what this process knows of the stage that a deployment is in, and what a restart forgets on purpose:
// a wait then begins anew, and green must be seen healthy again before blue is touched. Measured on the
// steady clock.
#pragma once

#include <map>
#include <optional>

#include "core/duration.h"
#include "core/error.h"
#include "core/names.h"
#include "deploy/action.h"

namespace rm::deploy {

/// How often something was tried in this stage, and how the last attempt went.
struct Attempts {
    int count = 0;
    Duration ago{};                // since the last one
    std::optional<Error> error{};  // nothing: it was done
};

struct Watch {
    Duration in_stage{};
    std::map<Act, Attempts> attempts{};
    std::optional<Duration> green_good{};  // how long it has been healthy without a break
    std::optional<Duration> green_runs{};  // how long it has run without a restart
    std::optional<Duration> blue_good{};   // the same of blue, where its limits are changed in place
    std::optional<Duration> blue_runs{};
    std::map<ContainerId, Duration> runs{};  // of each of the service's replicas, where Sight has them

    [[nodiscard]] bool did(Act act) const {
        const auto found = attempts.find(act);
        return found != attempts.end() && !found->second.error;
    }
};

}  // namespace rm::deploy
