// SPDX-License-Identifier: Apache-2.0
// The way back. It never gives up on blue, and it does not take green away while green alone serves.
#include <algorithm>

#include <fmt/format.h>

#include "deploy/keep.h"
#include "deploy/stages.h"

namespace rm::deploy {
namespace {

using docker::Container;
using docker::ContainerState;

/// Blue may have been told to stop: the journal says so before it is done. Then it can be started again only
/// when it has come to its end; a later run of it is not the one that was told. One that is still well when
/// its time is up was not told, or does not mind.
std::optional<Move> let_it_end(const Situation& s, const Container& blue) {
    if (!s.replica.stopping || blue.started_at != s.replica.stopping) return std::nullopt;
    if (s.watch.in_stage < blue.stop.timeout)
        return Wait{.look_again = std::clamp(blue.stop.timeout - s.watch.in_stage, soon, now_and_then),
                    .for_what = blue.name + " ends before it is started again"};
    if (fitness_of_blue(s).kind == Fitness::Kind::good) return std::nullopt;
    return attempt(s, {.act = Act::kill_blue}, Patience::endless);
}

/// Nothing is left to be tried when green can take over; without it there is nothing better than to go on.
Move start_again(const Situation& s) {
    if (timed_out(s) && s.watch.attempts.contains(Act::start_blue) &&
        fitness_of_green(s).kind == Fitness::Kind::good)
        return Onward{};
    return attempt(s, {.act = Act::start_blue}, Patience::endless);
}

Move await_blue(const Situation& s) {
    const Fitness fitness = fitness_of_blue(s);
    if (fitness.kind == Fitness::Kind::good) return Onward{};
    if (timed_out(s)) return Onward{};
    return Wait{.look_again = std::min(s.terms.health_interval, now_and_then), .for_what = fitness.reason};
}

/// What took blue out of the traffic can't take that back, and time won't mend it. How blue then is says
/// whether it can be relied on. A router that does not answer is waited for: blue may be well, and get no
/// requests.
bool stays_drained(const Situation& s) {
    using enum ErrorCode;
    const auto tried = s.watch.attempts.find(Act::end_drain);
    if (!timed_out(s) || tried == s.watch.attempts.end() || !tried->second.error) return false;
    const ErrorCode code = tried->second.error->code;
    return code != unavailable && code != timeout && code != cancelled && code != not_found;
}

}  // namespace

Fitness fitness_of_blue(const Situation& s) {
    if (!s.sight.blue) return {.kind = Fitness::Kind::bad, .reason = s.replica.blue_name + " is gone"};
    return fitness_of(*s.sight.blue, terms_for(s.terms, *s.sight.blue), s.watch.blue_runs, true);
}

Move in_revive(const Situation& s) {
    if (is_gone(s.sight.blue)) return Onward{};
    const Container& blue = *s.sight.blue;
    const bool pinned = blue.restart != s.replica.blue_restart;
    const bool touched = pinned || s.replica.drained || s.replica.stopping;
    if (!touched) return Onward{};
    if (blue.state == ContainerState::running || blue.state == ContainerState::paused) {
        if (auto ending = let_it_end(s, blue)) return *std::move(ending);
    } else if (blue.state != ContainerState::restarting) {
        return start_again(s);
    }
    if (pinned) return attempt(s, {.act = Act::unpin_blue}, Patience::endless);
    if (s.replica.drained && s.terms.drain_acts && !s.watch.did(Act::end_drain) && !stays_drained(s))
        return attempt(s, {.act = Act::end_drain}, Patience::endless);
    return await_blue(s);
}

Move in_clear(const Situation& s) {
    if (keep_of(s) == Keep::ask_first) return Action{.act = Act::probe_green};
    if (s.sight.green) {
        if (!s.watch.attempts.contains(Act::keep_evidence)) return Action{.act = Act::keep_evidence};
        return attempt(s, {.act = Act::remove_green}, Patience::endless);
    }
    if (s.sight.blue && s.sight.blue->name != s.replica.blue_name)
        return attempt(s, {.act = Act::restore_name}, Patience::endless);
    if (auto hook = try_once(s, s.terms.hooks.on_rollback, Act::rollback_hook)) return *std::move(hook);
    return Onward{};
}

}  // namespace rm::deploy
