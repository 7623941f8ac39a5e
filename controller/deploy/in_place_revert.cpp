// SPDX-License-Identifier: Apache-2.0
// The way back of limits that were changed in place.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "deploy/in_place_change.h"
#include "deploy/in_place_stages.h"
#include "deploy/limits_update.h"
#include "deploy/stages.h"

namespace rm::deploy {
namespace {

using docker::Container;
using docker::ContainerState;
using docker::RestartPolicy;

constexpr int most_attempts = 20;
constexpr int killed = 128 + 9;

/// Far more often than there can be steps.
bool enough_tried(const Situation& s) {
    const auto tried = s.watch.attempts.find(Act::change_limits);
    return timed_out(s) && tried != s.watch.attempts.end() && tried->second.count >= most_attempts;
}

/// The engine has the old limits, and yet the kernel has others.
std::optional<std::string> only_the_kernel_differs(const Situation& s) {
    const docker::LimitFields& before = s.replica.in_place->before;
    if (in_numbers(s.sight.blue->limit_fields) != in_numbers(before)) return std::nullopt;
    return not_in_force(s, before);
}

/// The deployment ends as it is.
Move end_here(const Situation& s, std::string reason) {
    if (auto hook = try_once(s, s.terms.hooks.on_rollback, Act::rollback_hook)) return *std::move(hook);
    return GiveUp{std::move(reason)};
}

/// The way back is blocked: all of the new limits again, which takes no more than a raise, and the end.
Move keep_new(const Situation& s, const std::string& reason) {
    const Change change = next_change(s, s.replica.in_place->after);
    if (const auto* const update = std::get_if<Send>(&change))
        return attempt(s, {.act = Act::change_limits, .update = update->update}, Patience::endless);
    return end_here(s, fmt::format("{}, so {} keeps its new limits", reason, s.replica.blue_name));
}

/// The kernel killed it, and nobody else starts it again.
bool must_be_started(const Situation& s) {
    const Container& blue = *s.sight.blue;
    const bool stays_down =
        blue.restart.policy == RestartPolicy::no || blue.restart.policy == RestartPolicy::on_failure;
    return s.replica.in_place->condition == InPlace::Condition::serving &&
           blue.state == ContainerState::exited && stays_down &&
           (blue.oom_killed || blue.exit_code == killed);
}

/// The old limits are there again.
Move see_it_serve(const Situation& s) {
    if (must_be_started(s)) return attempt(s, {.act = Act::start_blue}, Patience::endless);
    const bool served = s.replica.in_place->condition == InPlace::Condition::serving;
    if (served && (has_processes(*s.sight.blue) || s.sight.blue->state == ContainerState::restarting)) {
        const Fitness fitness = fitness_of_blue(s);
        if (fitness.kind != Fitness::Kind::good && !timed_out(s))
            return Wait{.look_again = now_and_then, .for_what = fitness.reason};
    }
    if (auto hook = try_once(s, s.terms.hooks.on_rollback, Act::rollback_hook)) return *std::move(hook);
    return Onward{};
}

}  // namespace

Move in_place_revert(const Situation& s) {
    if (is_gone(s.sight.blue) || !s.replica.in_place) {
        if (auto hook = try_once(s, s.terms.hooks.on_rollback, Act::rollback_hook)) return *std::move(hook);
        return Onward{};
    }
    const Change change = next_change(s, s.replica.in_place->before);
    if (std::holds_alternative<Reached>(change)) return see_it_serve(s);
    if (const auto* const full = std::get_if<TooFull>(&change)) {
        if (timed_out(s)) return keep_new(s, full->reason);
        return Wait{.look_again = now_and_then, .for_what = full->reason};
    }
    const auto& update = std::get<Send>(change);
    if (update.lowers && enough_tried(s)) return keep_new(s, "less memory could not be set");
    if (!update.lowers && enough_tried(s))
        if (const auto reason = only_the_kernel_differs(s)) return end_here(s, *reason);
    return send(s, update, Patience::endless);
}

}  // namespace rm::deploy
