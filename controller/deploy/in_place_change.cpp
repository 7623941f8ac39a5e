// SPDX-License-Identifier: Apache-2.0
#include "deploy/in_place_change.h"

#include <algorithm>

#include <fmt/format.h>

#include "deploy/limits_update.h"
#include "deploy/memory_guard.h"

namespace rm::deploy {
namespace {

using docker::Container;
using docker::ContainerState;
using docker::LimitFields;

constexpr Duration between_steps = std::chrono::seconds(1);

/// A change of CPU alone leaves memory alone, whatever the kernel thinks of its limit.
bool is_about_memory(const Situation& s) {
    return s.replica.in_place && s.replica.in_place->before.memory != s.replica.in_place->after.memory;
}

/// What the kernel holds blue to, where that matters and is known.
std::optional<Bytes> kernel_limit(const Situation& s) {
    if (!is_about_memory(s) || !has_processes(*s.sight.blue) || !s.sight.usage) return std::nullopt;
    return s.sight.usage->memory_limit;
}

bool holds(Bytes kernel, std::int64_t memory, const Terms& terms) {
    const Bytes wanted(memory);
    return is_in_force(kernel, terms.host_memory ? std::min(wanted, *terms.host_memory) : wanted);
}

/// Where the kernel disagrees with the engine it is the kernel that counts.
LimitFields present(const Situation& s) {
    LimitFields now = in_numbers(s.sight.blue->limit_fields);
    const auto kernel = kernel_limit(s);
    if (kernel && !holds(*kernel, now.memory, s.terms)) now.memory = kernel->count();
    return now;
}

docker::Update without_memory(docker::Update update) {
    update.memory = update.memory_swap = update.memory_reservation = std::nullopt;
    return update;
}

/// Down to `memory` on the way to `next`: swap stays as much as it will be then.
LimitFields step_to(const LimitFields& next, Bytes memory) {
    LimitFields step = next;
    step.memory = memory.count();
    step.memory_swap += memory.count() - next.memory;
    return in_numbers(step);
}

Change lower(const Situation& s, const LimitFields& now, const LimitFields& next) {
    const Container& blue = *s.sight.blue;
    const docker::Update at_once = update_of(now, next);
    if (blue.state == ContainerState::restarting)
        return TooFull{.reason = fmt::format("{} is about to be restarted, and how much memory it needs then "
                                             "is not known",
                                             blue.name),
                       .meanwhile = without_memory(at_once)};
    if (!has_processes(blue)) return Send{.update = at_once, .lowers = true};
    const auto least = s.sight.usage ? least_memory(*s.sight.usage) : std::nullopt;
    if (!least || !kernel_limit(s))
        return TooFull{.reason = fmt::format("how much memory {} uses is not known", blue.name),
                       .meanwhile = without_memory(at_once)};
    if (Bytes(next.memory) < *least)
        return TooFull{
            .reason = fmt::format("{} uses so much memory that it can't be limited to less than {}",
                                  blue.name, print_rounded(*least)),
            .meanwhile = without_memory(at_once)};
    const Bytes to = step_down(Bytes(now.memory), Bytes(next.memory));
    return Send{.update = update_of(now, step_to(next, to)),
                .lowers = true,
                .is_step = now.memory == in_numbers(blue.limit_fields).memory};
}

}  // namespace

bool has_processes(const Container& container) {
    return container.state == ContainerState::running || container.state == ContainerState::paused;
}

Change next_change(const Situation& s, const LimitFields& target) {
    const LimitFields now = present(s);
    const LimitFields next = in_numbers(target);
    if (now == next) return Reached{};
    if (next.memory < now.memory) return lower(s, now, next);
    return Send{.update = update_of(now, next)};
}

Move send(const Situation& s, const Send& change, Patience patience) {
    Action action{.act = Act::change_limits, .update = change.update};
    const auto tried = s.watch.attempts.find(action.act);
    if (!change.is_step || tried == s.watch.attempts.end() || tried->second.error)
        return attempt(s, action, patience);
    if (patience == Patience::short_lived && timed_out(s))
        return GiveUp{fmt::format("the memory of {} could not be lowered within {}", s.replica.blue_name,
                                  print(s.terms.health_timeout))};
    if (tried->second.ago >= between_steps) return action;
    return Wait{.look_again = between_steps - tried->second.ago,
                .for_what = s.replica.blue_name + " settles in less memory"};
}

std::optional<std::string> not_in_force(const Situation& s, const LimitFields& target) {
    const Container& blue = *s.sight.blue;
    const LimitFields wanted = in_numbers(target);
    if (in_numbers(blue.limit_fields) != wanted)
        return fmt::format("the engine says that {} has {}", blue.name, print(blue.limits));
    if (!is_about_memory(s) || !has_processes(blue)) return std::nullopt;
    const auto kernel = kernel_limit(s);
    if (!kernel) return fmt::format("how much memory the kernel allows {} is not known", blue.name);
    if (holds(*kernel, wanted.memory, s.terms)) return std::nullopt;
    return fmt::format("the kernel allows {} {} of memory, not {}", blue.name, print_rounded(*kernel),
                       print(Bytes(wanted.memory)));
}

}  // namespace rm::deploy
