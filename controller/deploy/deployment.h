// SPDX-License-Identifier: Apache-2.0
// Deployment: one change of a service's limits, as far as it has come. All that must survive a crash is in
// it; what happened in this process alone (how long green has been healthy) is in a Watch. Plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "core/clock.h"
#include "core/limits.h"
#include "core/names.h"
#include "core/result.h"
#include "deploy/stage.h"
#include "docker/container.h"
#include "docker/limit_fields.h"
#include "store/deployments.h"

namespace rm::deploy {

enum class Outcome {
    under_way,
    succeeded,
    rolled_back,  // the service is as it was
    failed        // it ended otherwise; `failure` says how
};

std::string_view to_string(Outcome outcome);

/// What must be known of a container whose limits are changed in place, from before the first change.
struct InPlace {
    enum class Condition {
        stopped,  // it did not run
        ailing,   // it did, or tried to, and was not healthy
        serving
    };
    docker::LimitFields before{};
    docker::LimitFields after{};
    Condition condition = Condition::stopped;
    std::optional<WallTime> run{};  // when the run began that it was in
    bool oom_killed = false;        // the engine's mark, which stays until the next run

    friend bool operator==(const InPlace&, const InPlace&) = default;
};

std::string_view to_string(InPlace::Condition condition);

/// One container of the service and what becomes of it.
struct Replacement {
    ContainerId blue;
    std::string blue_name;
    int blue_number = 0;                 // Compose's; 0: it has none
    docker::RestartRule blue_restart{};  // what it had; put back when it shall serve again
    std::string green_name{};            // under which green is made
    std::string final_name{};            // which it has in the end
    int green_number = 0;
    std::optional<ContainerId> green{};  // once it was seen
    Limits from{};
    Limits to{};

    Stage stage = Stage::prepare;
    bool drained = false;                // blue was taken out of the traffic, or that was begun
    bool forward = false;                // there is no way back: blue can't serve, green does
    std::optional<WallTime> stopping{};  // when that run of blue began which was told to stop
    std::optional<InPlace> in_place{};   // of the strategy in_place
    bool begun = false;                  // of the strategy script: it was run, or was about to be
    std::string failure{};               // why it goes back

    friend bool operator==(const Replacement&, const Replacement&) = default;
};

struct Deployment {
    std::int64_t id = 0;
    std::string token;   // the label by which its containers are found
    std::string engine;  // the engine's own id
    ServiceName service;
    config::Strategy strategy = config::Strategy::blue_green;
    std::string requested_by;
    std::string reason;
    Limits from;
    Limits to;
    WallTime created_at;

    Outcome outcome = Outcome::under_way;
    WallTime phase_since;
    std::optional<WallTime> finished_at{};
    std::string failure{};              // why it turned back; empty: it has not
    bool stuck = false;                 // it could not turn back, or not whole
    std::vector<Replacement> replicas;  // one after the other
    std::size_t current = 0;            // which of them it is at

    friend bool operator==(const Deployment&, const Deployment&) = default;
};

Phase phase_of(const Deployment& deployment);

/// To and from the journal's row.
store::Deployment to_row(const Deployment& deployment);
Result<Deployment> from_row(const store::Deployment& row);

}  // namespace rm::deploy
