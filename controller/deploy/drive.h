// SPDX-License-Identifier: Apache-2.0
// Drive: carries one deployment from step to step: looks at the engine, asks advance(), writes the journal,
// acts. It can be dropped at any moment and made anew from the journal. Not thread-safe.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "deploy/advance.h"
#include "deploy/deployment.h"
#include "deploy/fitness.h"
#include "deploy/hands.h"
#include "docker/engine.h"
#include "store/database.h"

namespace rm::deploy {

/// Hears what is done, as it is done.
using Tell = std::function<void(const Deployment&, std::string_view message)>;

/// What follows from the end of a deployment, in the transaction in which the journal says that it ended;
/// what there is to tell of it, perhaps nothing. It may run again: it changes nothing outside the session.
using AtEnd = std::function<Result<std::string>(store::Session&, const Deployment&)>;

/// What a drive works with; all of it must outlive it.
struct Equipment {
    docker::Engine& engine;
    store::Database& store;
    Hands& hands;
    Clock& clock;
    Tell tell = {};
    AtEnd at_end = {};
};

class Drive {
public:
    Drive(Equipment equipment, Deployment deployment);

    /// Takes one step by the policy that holds now; how long to wait until the next one is due. An engine or
    /// a store that is away is waited for; `waits_for` tells.
    Duration step(const config::ServicePolicy& policy, const std::stop_token& stop);

    [[nodiscard]] const Deployment& deployment() const { return deployment_; }
    [[nodiscard]] bool ended() const { return ended_; }
    /// What it waits for, for people; empty while it acts.
    [[nodiscard]] const std::string& waits_for() const { return waits_for_; }

private:
    struct Tried {
        int count = 0;
        SteadyTime at;
        std::optional<Error> error;
    };
    /// Since when a container has been seen to run, without a break.
    struct Run {
        std::optional<WallTime> started_at;
        std::int64_t restarts = 0;
        SteadyTime since;
    };

    void observe(const Sight& sight, const Terms& terms, SteadyTime now);
    [[nodiscard]] Watch watch(SteadyTime now) const;
    Status write(Deployment next, Instant now);
    Status journal(const Deployment& next, std::vector<std::string>& lines, WallTime now);
    void enter_stage(SteadyTime now);
    void act(const Action& action, const Sight& sight, const config::ServicePolicy& policy,
             const std::stop_token& stop);
    void note(std::string message);
    Duration trouble(const Error& error, std::string_view with);

    const Equipment with_;
    Deployment deployment_;
    bool ended_ = false;
    bool changed_ = false;  // since it was last written
    std::string waits_for_;
    std::vector<std::string> notes_;  // not written yet
    int troubles_ = 0;                // in a row

    std::size_t replica_ = 0;  // which stage of which replica the following is about
    Stage stage_ = Stage::prepare;
    SteadyTime stage_since_;
    std::map<Act, Tried> tried_;
    std::optional<SteadyTime> green_good_since_;
    std::optional<SteadyTime> blue_good_since_;
    std::optional<Run> green_run_;
    std::optional<Run> blue_run_;
    std::map<ContainerId, std::optional<Run>> replica_runs_;
};

}  // namespace rm::deploy
