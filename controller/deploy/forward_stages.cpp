// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "deploy/stages.h"

namespace rm::deploy {
namespace {

using docker::Container;
using docker::ContainerState;
using docker::RestartPolicy;

bool runs(const std::optional<Container>& container) {
    return container &&
           (container->state == ContainerState::running || container->state == ContainerState::paused ||
            container->state == ContainerState::restarting);
}

/// Asks our own probe again when that is due.
bool probe_of_green_due(const Situation& s) {
    if (s.terms.health != HealthBy::probe) return false;
    const auto tried = s.watch.attempts.find(Act::probe_green);
    return tried == s.watch.attempts.end() || tried->second.ago >= s.terms.health_interval;
}

constexpr Duration longest_glance{500};

/// For what nobody can tell when it comes: what is noticed late costs a small part of what it took.
Duration glance(Duration passed, Duration seldomest) {
    return std::min(std::clamp(passed / 8, soon, longest_glance), seldomest);
}

/// Our own probe is something that the container has to do, a look at the engine's is not.
Duration until_next_look(const Situation& s) {
    const Duration left = std::min(s.terms.health_interval, s.terms.health_timeout - s.watch.in_stage);
    return s.terms.health == HealthBy::docker ? glance(s.watch.in_stage, left) : left;
}

/// What to do while green is not known to serve; nothing when it does.
std::optional<Move> unless_green_serves(const Situation& s) {
    const Fitness fitness = fitness_of_green(s);
    if (fitness.kind == Fitness::Kind::bad) return GiveUp{fitness.reason};
    if (runs(s.sight.green) && probe_of_green_due(s)) return Action{.act = Act::probe_green};
    if (fitness.kind == Fitness::Kind::good) return std::nullopt;
    if (timed_out(s))
        return GiveUp{fmt::format("{}, after {}", fitness.reason, print(s.terms.health_timeout))};
    return Wait{.look_again = until_next_look(s), .for_what = fitness.reason};
}

/// Where blue must end before green may start, nothing is asked of green before.
std::optional<Move> unless_green_takes_over(const Situation& s) {
    if (s.deployment.strategy == config::Strategy::recreate) return std::nullopt;
    return unless_green_serves(s);
}

/// Counts from when blue was really taken out of the traffic: a hook may take its time.
Duration drained_for(const Situation& s) {
    Duration passed = s.watch.in_stage;
    for (const Act act : {Act::switch_hook, Act::begin_drain})
        if (const auto done = s.watch.attempts.find(act); done != s.watch.attempts.end())
            passed = std::min(passed, done->second.ago);
    return passed;
}

Duration rest_of(Duration whole, Duration passed) {
    return std::clamp(whole - passed, soon, now_and_then);
}

}  // namespace

Fitness fitness_of_green(const Situation& s) {
    if (!s.sight.green) return {.kind = Fitness::Kind::bad, .reason = s.replica.green_name + " is gone"};
    Fitness fitness = fitness_of(*s.sight.green, s.terms, s.watch.green_runs, s.watch.did(Act::probe_green));
    add_why(fitness, s.watch, Act::probe_green);
    return fitness;
}

Move in_prepare(const Situation& s) {
    if (!s.sight.blue) return GiveUp{s.replica.blue_name + " is gone"};
    if (auto hook = once(s, s.terms.hooks.before, Act::before_hook)) return *std::move(hook);
    return Onward{};
}

Move in_create(const Situation& s) {
    if (!s.sight.blue) return GiveUp{s.replica.blue_name + " is gone"};
    if (!s.sight.green) return attempt(s, {.act = Act::create_green});
    if (s.sight.green->state != ContainerState::created) return Onward{};
    if (auto furnish = once(s, true, Act::furnish_green)) return *std::move(furnish);
    return Onward{};
}

Move in_start(const Situation& s) {
    if (!s.sight.green) return GiveUp{s.replica.green_name + " is gone"};
    if (s.sight.green->state == ContainerState::created) return attempt(s, {.act = Act::start_green});
    return Onward{};
}

Move in_health(const Situation& s) {
    if (auto waiting = unless_green_serves(s)) return *std::move(waiting);
    return Onward{};
}

Move in_verify(const Situation& s) {
    if (auto waiting = unless_green_serves(s)) return *std::move(waiting);
    if (auto asked = once(s, s.terms.verify, Act::verify_green)) return *std::move(asked);
    if (auto hook = once(s, s.terms.hooks.after_healthy, Act::healthy_hook)) return *std::move(hook);
    return Onward{};
}

Move in_pin(const Situation& s) {
    if (auto waiting = unless_green_takes_over(s)) return *std::move(waiting);
    if (s.sight.blue && s.sight.blue->restart.policy != RestartPolicy::no)
        return attempt(s, {.act = Act::pin_blue});
    return Onward{};
}

Move in_drain(const Situation& s) {
    if (auto waiting = unless_green_takes_over(s)) return *std::move(waiting);
    if (!runs(s.sight.blue)) return Onward{};
    if (auto hook = once(s, s.terms.hooks.switch_over, Act::switch_hook)) return *std::move(hook);
    if (auto begun = once(s, s.terms.drain_acts, Act::begin_drain)) return *std::move(begun);
    const Duration passed = drained_for(s);
    if (passed >= s.terms.drain) {
        if (s.terms.drain_shows && s.sight.blue->health == docker::HealthState::healthy)
            return GiveUp{s.replica.blue_name +
                          " was taken out of the traffic, and its health check did not "
                          "notice: routers would go on sending requests to it"};
        return Onward{};
    }
    return Wait{.look_again = rest_of(s.terms.drain, passed),
                .for_what = s.replica.blue_name + " finishes the requests it has"};
}

Move in_stop(const Situation& s) {
    if (!runs(s.sight.blue)) return Onward{};
    if (!s.watch.did(Act::signal_blue)) {
        if (auto waiting = unless_green_takes_over(s)) return *std::move(waiting);
        return attempt(s, {.act = Act::signal_blue}, Patience::endless);
    }
    const Duration waited = s.watch.attempts.at(Act::signal_blue).ago;
    if (waited >= s.sight.blue->stop.timeout) return attempt(s, {.act = Act::kill_blue}, Patience::endless);
    return Wait{.look_again = glance(waited, rest_of(s.sight.blue->stop.timeout, waited)),
                .for_what = s.replica.blue_name + " ends"};
}

Move in_observe(const Situation& s) {
    if (auto waiting = unless_green_serves(s)) return *std::move(waiting);
    // Not what it did while blue still served.
    const Duration good = std::min(s.watch.green_good.value_or(Duration{}), s.watch.in_stage);
    if (s.watch.green_good && good >= s.terms.observe) return Onward{};
    return Wait{.look_again = rest_of(s.terms.observe, good),
                .for_what = s.replica.green_name + " stays healthy alone"};
}

Move in_swap(const Situation& s) {
    if (!s.sight.green) return GiveUp{s.replica.green_name + " is gone"};
    if (s.sight.blue)
        if (auto waiting = unless_green_serves(s)) return *std::move(waiting);
    if (s.sight.green->name == s.replica.final_name) return Onward{};
    if (s.sight.blue && s.sight.blue->name == s.replica.final_name)
        return attempt(s, {.act = Act::rename_blue}, Patience::endless);
    return attempt(s, {.act = Act::rename_green}, Patience::endless);
}

Move in_remove(const Situation& s) {
    if (!s.sight.green) return GiveUp{s.replica.green_name + " is gone"};
    if (s.sight.blue) {
        if (auto waiting = unless_green_serves(s)) return *std::move(waiting);
        return attempt(s, {.act = Act::remove_blue}, Patience::endless);
    }
    if (auto hook = try_once(s, s.terms.hooks.after, Act::after_hook)) return *std::move(hook);
    return Onward{};
}

}  // namespace rm::deploy
