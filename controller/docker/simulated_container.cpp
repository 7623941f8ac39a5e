// SPDX-License-Identifier: Apache-2.0
#include "docker/simulated_container.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rm::docker {
namespace {

using std::chrono::nanoseconds;

/// The demand is asked for once in this time and holds until the next.
constexpr Duration step = std::chrono::seconds(1);
constexpr nanoseconds quota_period = std::chrono::milliseconds(100);

// As the engine comes back after a container's end: at once, then later and later.
constexpr Duration first_backoff{100};
constexpr Duration longest_backoff = std::chrono::minutes(1);
constexpr Duration good_run = std::chrono::seconds(10);

constexpr int killed = 128 + 9;

SteadyTime step_begin(SteadyTime started, SteadyTime at) {
    return at - (at - started) % step;
}

nanoseconds times(double cores, nanoseconds time) {
    return nanoseconds(std::llround(cores * static_cast<double>(time.count())));
}

}  // namespace

SimulatedContainer::SimulatedContainer(ContainerId id, SimulatedSpec spec, Bytes host_memory, Instant now)
    : spec_(std::move(spec)),
      host_memory_(host_memory),
      shown_{.id = std::move(id),
             .name = spec_.name,
             .image = spec_.image,
             .labels = spec_.labels,
             .limits = spec_.limits,
             .created_at = now.wall},
      now_(now),
      at_(now.steady),
      started_(now.steady),
      restart_at_(now.steady),
      backoff_(first_backoff) {
    tell("create");
}

void SimulatedContainer::advance(Instant now) {
    now_ = now;
    while (at_ < now.steady) {
        if (runs()) {
            run_until(std::min(now.steady, step_begin(started_, at_) + step));
        } else if (shown_.state == ContainerState::restarting) {
            at_ = std::max(at_, std::min(now.steady, restart_at_));
            if (at_ < restart_at_) return;
            ++shown_.restart_count;
            begin();
        } else {
            at_ = now.steady;
        }
    }
}

/// Within one step.
void SimulatedContainer::run_until(SteadyTime until) {
    const Demand demand = demand_now();
    if (demand.memory > memory_limit()) {
        run_out_of_memory();
        return;
    }
    if (healthy_at_ && *healthy_at_ < until) until = std::max(at_, *healthy_at_);
    consume(demand, until - at_);
    at_ = until;
    if (healthy_at_ && *healthy_at_ <= at_) {
        healthy_at_.reset();
        turn(HealthState::healthy);
    }
}

void SimulatedContainer::consume(const Demand& demand, nanoseconds time) {
    const auto& limit = shown_.limits.cpu;
    const Cores used = limit ? std::min(*limit, demand.cpu) : demand.cpu;
    cpu_total_ += times(used.value(), time);
    if (!limit) return;
    const nanoseconds before = at_ - started_;
    const std::int64_t periods = (before + time) / quota_period - before / quota_period;
    periods_ += periods;
    if (demand.cpu <= *limit) return;
    throttled_periods_ += periods;
    throttled_time_ += times(demand.cpu.value() - limit->value(), time);
}

void SimulatedContainer::start() {
    if (runs()) return;
    backoff_ = first_backoff;
    begin();
}

void SimulatedContainer::begin() {
    started_ = at_;
    shown_.state = ContainerState::running;
    shown_.started_at = wall_at(at_);
    shown_.exit_code = 0;
    shown_.oom_killed = false;
    shown_.health = spec_.healthy_after ? HealthState::starting : HealthState::none;
    if (spec_.healthy_after) healthy_at_ = at_ + *spec_.healthy_after;
    cpu_total_ = throttled_time_ = nanoseconds(0);  // a new control group
    periods_ = throttled_periods_ = 0;
    tell("start");
}

void SimulatedContainer::end(int exit_code, bool by_people) {
    const bool again = !by_people && (spec_.restart == RestartPolicy::always ||
                                      spec_.restart == RestartPolicy::unless_stopped ||
                                      (spec_.restart == RestartPolicy::on_failure && exit_code != 0));
    shown_.state = again ? ContainerState::restarting : ContainerState::exited;
    shown_.exit_code = exit_code;
    shown_.finished_at = wall_at(at_);
    if (shown_.health != HealthState::none) shown_.health = HealthState::unhealthy;
    healthy_at_.reset();
    tell("die", {{"exitCode", std::to_string(exit_code)}});
    if (at_ - started_ >= good_run) backoff_ = first_backoff;
    restart_at_ = at_ + backoff_;
    backoff_ = std::min(2 * backoff_, longest_backoff);
}

void SimulatedContainer::stop() {
    if (runs()) {
        tell("kill", {{"signal", "15"}});
        end(0, true);
    } else if (shown_.state == ContainerState::restarting) {
        shown_.state = ContainerState::exited;
    } else {
        return;
    }
    tell("stop");
}

void SimulatedContainer::kill() {
    if (!runs()) return;
    tell("kill", {{"signal", "9"}});
    end(killed, true);
}

void SimulatedContainer::crash(int exit_code) {
    if (runs()) end(exit_code, false);
}

void SimulatedContainer::run_out_of_memory() {
    if (!runs()) return;
    tell("oom");
    shown_.oom_killed = true;
    end(killed, false);
}

void SimulatedContainer::turn(HealthState health) {
    if (!runs() || shown_.health == HealthState::none || shown_.health == health) return;
    shown_.health = health;
    healthy_at_.reset();
    tell("health_status: " + std::string(to_string(health)));
}

void SimulatedContainer::change(const Limits& limits) {
    if (limits.cpu) shown_.limits.cpu = limits.cpu;
    if (limits.memory) shown_.limits.memory = limits.memory;
    tell("update");
    if (memory_in_use() > memory_limit()) run_out_of_memory();
}

void SimulatedContainer::use(Load load) {
    spec_.load = std::move(load);
}

void SimulatedContainer::destroy() {
    kill();
    tell("destroy");
}

Bytes SimulatedContainer::memory_limit() const {
    return shown_.limits.memory.value_or(host_memory_);
}

Demand SimulatedContainer::demand_now() const {
    if (!spec_.load) return {};
    const SteadyTime at = step_begin(started_, at_);
    return spec_.load(wall_at(at), std::chrono::duration_cast<Duration>(at - started_));
}

Bytes SimulatedContainer::memory_in_use() const {
    return runs() ? demand_now().memory : Bytes(0);
}

Stats SimulatedContainer::stats() const {
    if (!runs()) return {};
    const Demand demand = demand_now();
    const Bytes limit = memory_limit();
    const Bytes kept = std::min(demand.memory, limit);
    Stats stats;
    stats.read_at = now_.wall;
    stats.cpu_total = cpu_total_;
    stats.cpu_periods = periods_;
    stats.cpu_throttled_periods = throttled_periods_;
    stats.cpu_throttled_time = throttled_time_;
    stats.memory_usage = Bytes(std::min(limit.count(), kept.count() + demand.file_cache.count()));
    stats.memory_working_set = kept;
    stats.memory_limit = limit;
    stats.pids = 1;
    return stats;
}

std::vector<Event> SimulatedContainer::take_events() {
    return std::exchange(events_, {});
}

void SimulatedContainer::tell(std::string action, Labels more) {
    Labels attributes = shown_.labels;
    attributes.merge(more);
    attributes.insert_or_assign("image", shown_.image);
    attributes.insert_or_assign("name", shown_.name);
    events_.push_back({.at = wall_at(at_),
                       .type = "container",
                       .action = std::move(action),
                       .actor = shown_.id.full(),
                       .attributes = std::move(attributes)});
}

}  // namespace rm::docker
