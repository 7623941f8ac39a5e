// SPDX-License-Identifier: Apache-2.0
#include "deploy/advance.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "deploy/course.h"
#include "deploy/in_place_stages.h"
#include "deploy/keep.h"

namespace rm::deploy {
namespace {

using docker::ContainerState;

/// What must be known of a stage that is about to begin even if nobody lives to see its end.
void enter(Replacement& replica, Stage stage, const Sight& sight) {
    replica.stage = stage;
    if (stage == Stage::drain && sight.blue && sight.blue->state != ContainerState::exited)
        replica.drained = true;
    if (stage == Stage::stop && sight.blue) replica.stopping = sight.blue->started_at;
    if (stage == Stage::update && sight.blue) replica.in_place = before_update(*sight.blue, replica);
}

/// A replica that was replaced already gets its old limits back, in the same way.
Replacement reversed(const Replacement& done, const std::string& token) {
    Replacement again{.blue = done.green.value_or(done.blue),
                      .blue_name = done.final_name,
                      .blue_number = done.green_number,
                      .blue_restart = done.blue_restart,
                      .green_name = done.blue_name,
                      .final_name = done.blue_name,
                      .green_number = done.blue_number,
                      .from = done.to,
                      .to = done.from};
    if (again.green_name == again.blue_name) again.green_name += "." + token;
    return again;
}

/// A container that is the same one still goes the way back, which does not give up as the way there does:
/// that would end with the new limits.
Replacement reversed_in_place(const Replacement& done) {
    Replacement again = done;
    std::swap(again.from, again.to);
    again.stage = Stage::revert;
    return again;
}

/// Leaves what was not begun as it is, and plans to turn back what was done.
void turn_back(Deployment& deployment) {
    std::vector<Replacement> back;
    for (std::size_t i = 0; i < deployment.current; ++i) {
        const Replacement& replica = deployment.replicas[i];
        if (replica.green) back.push_back(reversed(replica, deployment.token));
        if (replica.in_place) back.push_back(reversed_in_place(replica));
    }
    deployment.replicas.resize(deployment.current + 1, deployment.replicas.front());
    std::ranges::move(back, std::back_inserter(deployment.replicas));
}

/// Whether there is another replica to go on to. A script is run once for all of them. What can't get its old
/// limits back in place keeps none of the others from it.
bool has_more(const Deployment& deployment, const Replacement& left, bool turning_back) {
    if (left.forward && !(turning_back && left.in_place)) return false;
    return deployment.strategy != config::Strategy::script &&
           deployment.current + 1 < deployment.replicas.size();
}

/// Goes on to the next replica, or ends the deployment.
void leave_replica(Deployment& deployment, const Sight& sight) {
    const Replacement left = deployment.replicas[deployment.current];
    const bool turning_back = !deployment.failure.empty();
    const bool undone = left.stage == Stage::undone;
    const bool as_planned = turning_back && undone && left.failure.empty() && !is_gone(sight.blue);
    if ((undone || left.forward) && !as_planned) {
        if (turning_back) deployment.failure += "; then: ";
        deployment.failure += left.failure.empty() ? left.blue_name + " is gone" : left.failure;
        // Without a container the service is not as it was, whoever took it away.
        if (left.forward || turning_back || is_gone(sight.blue)) deployment.stuck = true;
        if (undone && !turning_back) turn_back(deployment);
    }
    if (has_more(deployment, left, turning_back)) {
        ++deployment.current;
        return;
    }
    if (deployment.failure.empty())
        deployment.outcome = Outcome::succeeded;
    else
        deployment.outcome = deployment.stuck ? Outcome::failed : Outcome::rolled_back;
}

/// Turns round; where it is on the way back already, it ends as it is.
void go_back(Replacement& replica, config::Strategy strategy, const std::string& reason) {
    if (is_on_way_back(strategy, replica.stage)) {
        replica.failure += (replica.failure.empty() ? "" : "; ") + reason;
        replica.forward = true;
        replica.stage = Stage::done;
        return;
    }
    if (replica.failure.empty()) replica.failure = reason;
    replica.forward = false;
    replica.stage = way_back_of(strategy).front();
}

void add_once(std::string& failure, const std::string& reason) {
    if (failure.find(reason) == std::string::npos) failure += "; " + reason;
}

/// Before green is taken away: it may have to stay, and then there is no way back.
void spare_green(const Situation& s, Replacement& replica) {
    if (replica.stage != Stage::clear || replica.forward) return;
    switch (keep_of(s)) {
        case Keep::nothing:
        case Keep::ask_first:
            return;
        case Keep::serving_green:
            replica.forward = true;
            add_once(replica.failure,
                     replica.blue_name + " can't serve any longer, so " + replica.green_name + " stays");
            replica.stage = Stage::swap;
            return;
        case Keep::last_container:
            replica.forward = true;
            add_once(replica.failure,
                     "nothing else is left of the service, so " + replica.green_name + " stays");
            replica.stage = Stage::done;
            return;
    }
}

/// Does what a stage wants of the journal; false when the stage wants something done or waits.
bool apply(const Move& move, Deployment& deployment, const Sight& sight) {
    Replacement& replica = deployment.replicas[deployment.current];
    if (const auto* const up = std::get_if<GiveUp>(&move)) {
        go_back(replica, deployment.strategy, up->reason);
        return true;
    }
    if (std::holds_alternative<Onward>(move)) {
        enter(replica, next_stage(deployment.strategy, replica.stage), sight);
        return true;
    }
    return false;
}

bool is_over(Stage stage) {
    return stage == Stage::done || stage == Stage::undone;
}

}  // namespace

Step advance(Deployment deployment, const Sight& sight, Watch watch, const Terms& terms) {
    for (;;) {
        if (deployment.outcome != Outcome::under_way) return {.next = std::move(deployment), .todo = Ended{}};
        Replacement& replica = deployment.replicas[deployment.current];
        if (sight.green && !replica.green) replica.green = sight.green->id;
        spare_green({deployment, replica, sight, watch, terms}, replica);
        if (is_over(replica.stage)) {
            leave_replica(deployment, sight);
            if (deployment.outcome != Outcome::under_way) continue;
            return {.next = std::move(deployment), .todo = Wait{.for_what = "the next replica is looked at"}};
        }
        Move move = move_in(replica.stage, {deployment, replica, sight, watch, terms});
        if (!apply(move, deployment, sight)) {
            if (const auto* const action = std::get_if<Action>(&move)) {
                if (action->act == Act::run_script) replica.begun = true;
                return {.next = std::move(deployment), .todo = *action};
            }
            return {.next = std::move(deployment), .todo = std::get<Wait>(std::move(move))};
        }
        watch.in_stage = {};
        watch.attempts.clear();
    }
}

}  // namespace rm::deploy
