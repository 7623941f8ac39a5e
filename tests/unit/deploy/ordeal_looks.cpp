// SPDX-License-Identifier: Apache-2.0
// What must hold in an ordeal, at every step and at the end of each deployment.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "store/deployments.h"
#include "tests/unit/deploy/ordeal.h"
#include "tests/unit/deploy/sure.h"

namespace rm::deploy::test {
namespace {

using config::Strategy;
using docker::Container;
using docker::ContainerState;

}  // namespace

/// Of such strategies it is known that nothing serves for a while.
bool Ordeal::may_be_away() const {
    return plan_.strategy == Strategy::recreate || (plan_.strategy == Strategy::script && script_.replaces);
}

void Ordeal::look() {
    ++tally_.looks;
    if (disturbed_ || may_be_away()) return;
    const auto healthy = std::ranges::count_if(containers(), is_healthy);
    if (healthy < replicas_) complain(fmt::format("only {} of {} are healthy", healthy, replicas_));
}

void Ordeal::look_at_the_end() {
    const Deployment ended = deployment();
    const auto found = containers();
    if (static_cast<int>(found.size()) != replicas_)
        complain(fmt::format("{} containers instead of {}", found.size(), replicas_));
    for (const Container& one : found) look_at(one);
    const auto limits = sorted_limits(found);
    const auto is_one_of = [&](const Limits& one) {
        return one == ended.to || std::ranges::find(was_, one) != was_.end();
    };
    if (ended.outcome == Outcome::succeeded && std::ranges::count(limits, ended.to) != replicas_)
        complain("it succeeded, and the limits are others");
    if (ended.outcome == Outcome::rolled_back && limits != was_)
        complain("it was rolled back, and the limits are others than before");
    if (!std::ranges::all_of(limits, is_one_of)) complain("there are limits that nobody wanted");
    if (ended.outcome != Outcome::succeeded && ended.failure.empty()) complain("it does not say why");
}

void Ordeal::look_at(const Container& one) {
    if (one.state != ContainerState::running) complain(one.name + " does not run");
    if (!is_healthy(one)) complain(one.name + " is not healthy");
    if (one.restart.policy != docker::RestartPolicy::unless_stopped)
        complain(one.name + " lost its restart policy");
    if (one.name.find('.') != std::string::npos) {
        if (deployment().outcome != Outcome::failed) complain(one.name + " has not its own name");
        deployments_ = deployments_of_a_service;  // the next one is of another service
    }
    if (sure(engine_.stats(one.id, {})).memory_limit != one.limits.memory)
        complain("the kernel does not hold " + one.name + " to its limit");
}

void Ordeal::tell_steps() {
    const Deployment told = deployment();
    complaint_ += fmt::format("deployment {}, {} by {} replicas: {} {}\n", id_, to_string(told.strategy),
                              replicas_, to_string(told.outcome), told.failure);
    for (const auto& step : sure(store::steps_of(*store_, id_)))
        complaint_ +=
            fmt::format("  {} {}\n", print(std::chrono::duration_cast<Duration>(step.at - told.created_at)),
                        step.message);
    for (const Container& one : containers())
        complaint_ += fmt::format("  {} {} {} {}\n", one.name, print(one.limits), to_string(one.state),
                                  to_string(one.health));
}

}  // namespace rm::deploy::test
