// SPDX-License-Identifier: Apache-2.0
#include "deploy/in_place_stages.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "deploy/in_place_change.h"
#include "deploy/limits_update.h"

namespace rm::deploy {
namespace {

using docker::Container;
using docker::ContainerState;
using Condition = InPlace::Condition;

constexpr Duration taking_effect = std::chrono::seconds(10);

/// What is true of every stage that goes forward.
std::optional<std::string> broken(const Situation& s) {
    if (is_gone(s.sight.blue)) return s.replica.blue_name + " is gone";
    const Container& blue = *s.sight.blue;
    if (!s.replica.in_place) return fmt::format("what {} was like before is not known", blue.name);
    const InPlace& was = *s.replica.in_place;
    if (blue.oom_killed && !was.oom_killed)
        return fmt::format("{} ran out of memory while its limits were changed", blue.name);
    if (was.condition != Condition::serving) return std::nullopt;
    if (!has_processes(blue) && blue.state != ContainerState::restarting)
        return fmt::format("{} ended with exit code {} while its limits were changed", blue.name,
                           blue.exit_code);
    if (blue.state == ContainerState::restarting || blue.started_at != was.run)
        return fmt::format("{} was restarted while its limits were changed", blue.name);
    return std::nullopt;
}

std::string in_vain(const Situation& s, const std::string& reason) {
    return fmt::format("{}, after {}", reason, print(s.terms.health_timeout));
}

Move wait_for_room(const Situation& s, const TooFull& full) {
    if (full.meanwhile != docker::Update{})
        return attempt(s, {.act = Act::change_limits, .update = full.meanwhile});
    if (timed_out(s)) return GiveUp{in_vain(s, full.reason)};
    return Wait{.look_again = now_and_then, .for_what = full.reason};
}

bool probe_of_blue_due(const Situation& s) {
    if (s.terms.health != HealthBy::probe || !has_processes(*s.sight.blue)) return false;
    const auto tried = s.watch.attempts.find(Act::probe_blue);
    return tried == s.watch.attempts.end() || tried->second.ago >= s.terms.health_interval;
}

/// It did not run before, and it does not now.
bool rests(const Situation& s) {
    const ContainerState state = s.sight.blue->state;
    return s.replica.in_place->condition == Condition::stopped &&
           (state == ContainerState::exited || state == ContainerState::created);
}

/// The last hook can't change anything any more.
Move finish(const Situation& s) {
    if (auto hook = once(s, s.terms.hooks.after_healthy, Act::healthy_hook)) return *std::move(hook);
    if (auto hook = try_once(s, s.terms.hooks.after, Act::after_hook)) return *std::move(hook);
    return Onward{};
}

}  // namespace

std::optional<InPlace> before_update(const Container& blue, const Replacement& replica) {
    InPlace in_place{
        .before = in_numbers(blue.limit_fields), .run = blue.started_at, .oom_killed = blue.oom_killed};
    if (replica.in_place) {
        in_place.after = replica.in_place->after;
    } else {
        const auto after = fields_in_place(blue, replica.to);
        if (!after) return std::nullopt;
        in_place.after = *after;
    }
    const bool healthy =
        blue.health == docker::HealthState::healthy || blue.health == docker::HealthState::none;
    if (blue.state == ContainerState::running)
        in_place.condition = healthy ? Condition::serving : Condition::ailing;
    else if (blue.state == ContainerState::paused || blue.state == ContainerState::restarting)
        in_place.condition = Condition::ailing;
    return in_place;
}

Fitness fitness_in_place(const Container& blue, const Terms& terms, const Watch& watch) {
    Fitness fitness = fitness_of(blue, terms_for(terms, blue), watch.blue_runs, watch.did(Act::probe_blue));
    add_why(fitness, watch, Act::probe_blue);
    return fitness;
}

Move in_place_prepare(const Situation& s) {
    if (is_gone(s.sight.blue)) return GiveUp{s.replica.blue_name + " is gone"};
    if (!s.replica.in_place)
        if (const auto fields = fields_in_place(*s.sight.blue, s.replica.to); !fields)
            return GiveUp{fields.error().message};
    if (auto hook = once(s, s.terms.hooks.before, Act::before_hook)) return *std::move(hook);
    return Onward{};
}

Move in_place_update(const Situation& s) {
    if (auto reason = broken(s)) return GiveUp{*std::move(reason)};
    const Change change = next_change(s, s.replica.in_place->after);
    if (const auto* const update = std::get_if<Send>(&change)) return send(s, *update, Patience::short_lived);
    if (const auto* const full = std::get_if<TooFull>(&change)) return wait_for_room(s, *full);
    return Onward{};
}

Move in_place_confirm(const Situation& s) {
    if (auto reason = broken(s)) return GiveUp{*std::move(reason)};
    const auto reason = not_in_force(s, s.replica.in_place->after);
    if (!reason) return Onward{};
    if (s.watch.in_stage >= taking_effect) return GiveUp{*reason};
    return Wait{.look_again = now_and_then, .for_what = *reason};
}

Move in_place_observe(const Situation& s) {
    if (auto reason = broken(s)) return GiveUp{*std::move(reason)};
    if (auto reason = not_in_force(s, s.replica.in_place->after)) return GiveUp{*std::move(reason)};
    if (rests(s)) return finish(s);
    if (probe_of_blue_due(s)) return Action{.act = Act::probe_blue};
    const Fitness fitness = fitness_in_place(*s.sight.blue, s.terms, s.watch);
    const bool was_ill = s.replica.in_place->condition != Condition::serving && has_processes(*s.sight.blue);
    if (fitness.kind == Fitness::Kind::bad && !was_ill) return GiveUp{fitness.reason};
    if (fitness.kind != Fitness::Kind::good) {
        if (timed_out(s)) return GiveUp{in_vain(s, fitness.reason)};
        return Wait{.look_again = std::min(s.terms.health_interval, now_and_then),
                    .for_what = fitness.reason};
    }
    const Duration good = std::min(s.watch.blue_good.value_or(Duration{}), s.watch.in_stage);
    if (s.watch.blue_good && good >= s.terms.observe) return finish(s);
    return Wait{.look_again = std::clamp(s.terms.observe - good, soon, now_and_then),
                .for_what = s.replica.blue_name + " stays healthy with its new limits"};
}

}  // namespace rm::deploy
