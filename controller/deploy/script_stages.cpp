// SPDX-License-Identifier: Apache-2.0
#include "deploy/script_stages.h"

#include <algorithm>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "core/limits.h"
#include "deploy/fitness.h"

namespace rm::deploy {
namespace {

using docker::Container;
using docker::ContainerState;

/// The engine restarts it, or it runs: it is meant to serve.
bool is_up(const Container& container) {
    return container.state == ContainerState::running || container.state == ContainerState::paused ||
           container.state == ContainerState::restarting;
}

/// A quota is a whole number of microseconds in each period, so that not every amount of CPU can be had.
bool has(const Container& container, const Limits& limits) {
    const auto fields = docker::with_limits(container.limit_fields, limits);
    return fields && *fields == container.limit_fields;
}

/// What keeps the service from being as it was wanted; nothing when it is.
std::optional<std::string> lacking(const Situation& s) {
    bool any = false;
    for (const Container& replica : s.sight.replicas) {
        if (!is_up(replica)) continue;
        any = true;
        if (!has(replica, s.deployment.to))
            return fmt::format("{} has {}, not {}", replica.name, print(replica.limits),
                               print(s.deployment.to));
        const auto runs = s.watch.runs.find(replica.id);
        const Fitness fitness =
            fitness_of(replica, terms_for(s.terms, replica),
                       runs == s.watch.runs.end() ? std::nullopt : std::optional(runs->second), true);
        if (fitness.kind != Fitness::Kind::good) return fitness.reason;
    }
    if (any) return std::nullopt;
    return fmt::format("no container of {} runs", print(s.deployment.service));
}

bool has_wanted_limits(const Situation& s) {
    const auto up = [](const Container& replica) { return is_up(replica); };
    return std::ranges::any_of(s.sight.replicas, up) &&
           std::ranges::all_of(s.sight.replicas, [&](const Container& replica) {
               return !is_up(replica) || has(replica, s.deployment.to);
           });
}

/// Every container that was to be changed is there, with its old limits.
bool is_as_it_was(const Situation& s) {
    return std::ranges::all_of(s.deployment.replicas, [&](const Replacement& planned) {
        return std::ranges::any_of(s.sight.replicas, [&](const Container& replica) {
            return replica.id == planned.blue && replica.limits == planned.from && is_up(replica);
        });
    });
}

/// It was run, or may have been, by a process that is no more, or it was cut short because we shall end.
Move after_an_interruption(const Situation& s) {
    if (has_wanted_limits(s) || !is_as_it_was(s)) return Onward{};
    if (timed_out(s)) return Action{.act = Act::run_script};
    return Wait{.look_again = now_and_then, .for_what = "whether the script is still at work is not known"};
}

}  // namespace

Move script_prepare(const Situation& s) {
    if (auto hook = once(s, s.terms.hooks.before, Act::before_hook)) return *std::move(hook);
    return Onward{};
}

Move script_run(const Situation& s) {
    const auto tried = s.watch.attempts.find(Act::run_script);
    if (tried != s.watch.attempts.end()) {
        if (!tried->second.error) return Onward{};
        if (tried->second.error->code != ErrorCode::cancelled)
            return GiveUp{fmt::format("the script failed: {}", tried->second.error->message)};
    } else if (!s.replica.begun) {
        return Action{.act = Act::run_script};
    }
    return after_an_interruption(s);
}

Move script_check(const Situation& s) {
    if (const auto reason = lacking(s)) {
        if (timed_out(s))
            return GiveUp{fmt::format("{}, {} after the script", *reason, print(s.terms.health_timeout))};
        return Wait{.look_again = std::min(s.terms.health_interval, now_and_then), .for_what = *reason};
    }
    if (auto hook = once(s, s.terms.hooks.after_healthy, Act::healthy_hook)) return *std::move(hook);
    if (auto hook = try_once(s, s.terms.hooks.after, Act::after_hook)) return *std::move(hook);
    return Onward{};
}

Move script_revert(const Situation& s) {
    if (auto hook = try_once(s, s.terms.hooks.on_rollback, Act::rollback_hook)) return *std::move(hook);
    if (is_as_it_was(s)) return Onward{};
    return GiveUp{"what the script left is not what was there before, and how to take it back is not known"};
}

}  // namespace rm::deploy
