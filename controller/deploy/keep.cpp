// SPDX-License-Identifier: Apache-2.0
#include "deploy/keep.h"

#include "deploy/stages.h"

namespace rm::deploy {
namespace {

using docker::ContainerState;

/// Blue can't be relied on, although all was done that it serves again.
bool blue_is_lost(const Situation& s) {
    if (is_gone(s.sight.blue)) return !s.sight.others_run;
    if (s.deployment.strategy == config::Strategy::recreate) return false;
    if (s.sight.blue->state != ContainerState::running) return true;
    const bool touched = s.replica.drained || s.replica.stopping;
    return touched && fitness_of_blue(s).kind != Fitness::Kind::good;
}

}  // namespace

Keep keep_of(const Situation& s) {
    if (!s.sight.green || !blue_is_lost(s)) return Keep::nothing;
    if (fitness_of_green(s).kind == Fitness::Kind::good) return Keep::serving_green;
    const bool can_be_asked =
        s.terms.health == HealthBy::probe && s.sight.green->state == ContainerState::running;
    if (can_be_asked && !s.watch.attempts.contains(Act::probe_green)) return Keep::ask_first;
    return is_gone(s.sight.blue) ? Keep::last_container : Keep::nothing;
}

}  // namespace rm::deploy
