// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/health.h"

#include <utility>

namespace rm::docker {
namespace {

constexpr std::size_t most_kept = 5;

}  // namespace

void SimulatedHealth::begin(const std::optional<HealthCheck>& check, SteadyTime started) {
    log_.clear();
    failing_streak_ = 0;
    next_.reset();
    state_ = check ? HealthState::starting : HealthState::none;
    if (!check) return;
    check_ = *check;
    started_ = started;
    next_ = started + check_.first_probe();
}

void SimulatedHealth::end() {
    next_.reset();
    if (state_ != HealthState::none) state_ = HealthState::unhealthy;
}

void SimulatedHealth::take(Probe probe) {
    const SteadyTime at = *next_;
    judge(probe.outcome.exit_code == 0, at);
    const bool starts = state_ == HealthState::starting && at - started_ < check_.start_period;
    next_ = at + (starts ? check_.first_probe() : check_.interval);
    log_.push_back(std::move(probe));
    if (log_.size() > most_kept) log_.pop_front();
}

void SimulatedHealth::judge(bool healthy, SteadyTime at) {
    if (healthy) {
        failing_streak_ = 0;
        state_ = HealthState::healthy;
        return;
    }
    if (state_ == HealthState::starting && at - started_ < check_.start_period) return;
    if (++failing_streak_ >= check_.retries) state_ = HealthState::unhealthy;
}

void SimulatedHealth::turn(HealthState state) {
    state_ = state;
    failing_streak_ = state == HealthState::unhealthy ? check_.retries : 0;
}

}  // namespace rm::docker
