// SPDX-License-Identifier: Apache-2.0
#include "decide/service_gates.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "decide/calendar.h"
#include "decide/oom.h"

namespace rm::decide {
namespace {

std::string next_possible(const Context& context, WallTime when) {
    return fmt::format("next possible at {}",
                       print_when(context.policy.adjustment.timezone, when, context.now));
}

Answer managed(const Context& context) {
    if (context.policy.enabled) return passed("managed");
    return held("the service is not managed", "set enabled to true");
}

Answer paused(const Context& context) {
    const auto& pause = context.service.pause;
    if (!pause || (pause->until && *pause->until <= context.now)) return passed("not paused");
    const std::string because = pause->reason.empty() ? "" : fmt::format(" ({})", pause->reason);
    if (!pause->until) return held("paused" + because, "resume the service");
    const std::string until = print_when(context.policy.adjustment.timezone, *pause->until, context.now);
    return held(fmt::format("paused until {}{}", until, because),
                fmt::format("resume the service, or wait until {}", until));
}

Answer deployment(const Context& context) {
    if (!context.service.under_way.empty()) return held(context.service.under_way, "its end is waited for");
    if (context.service.refused.empty()) return passed("none is under way");
    return held(context.service.refused, "`preflight` tells more");
}

Answer uptime(Cause cause, const Context& context) {
    if (cause == Cause::oom) return passed("an OOM kill does not wait");
    if (cause == Cause::drift) return passed("a container that somebody else made is young");
    if (cause == Cause::first_limit || context.service.replicas.empty()) return idle();
    const auto& replicas = context.service.replicas;
    const Replica& youngest = *std::ranges::max_element(replicas, {}, &Replica::started_at);
    const Duration age = std::max(elapsed(youngest.started_at, context.now), Duration(0));
    const Duration needed = context.policy.thresholds.min_uptime;
    if (elapsed(youngest.started_at, context.now) >= needed)
        return passed(context, [&] { return "up for " + print_short(age); });
    return held(fmt::format("{} is up for {} of {}", youngest.name, print_short(age), print_short(needed)),
                next_possible(context, youngest.started_at + needed));
}

Answer cooldown(Cause cause, const Context& context) {
    const auto& last = context.state.last_adjustment;
    if (!last) return passed("never adjusted");
    const Duration since = elapsed(*last, context.now);
    const Duration needed = context.policy.adjustment.cooldown_period;
    if (since >= needed)
        return passed(context, [&] { return fmt::format("adjusted {} ago", print_short(since)); });
    const std::string left = fmt::format("{} left", print_short(needed - since));
    if (cause == Cause::drift) return passed(left + ", which limits of ours do not wait for");
    if (cause == Cause::oom) return passed(left + ", which an OOM kill does not wait for");
    return held(left, next_possible(context, *last + needed));
}

/// An OOM kill waits, too: more memory was tried, and did not work.
Answer backoff(const Context& context) {
    const auto& backoff = context.service.backoff;
    if (!backoff) return passed("the last deployment succeeded, or there was none");
    const std::string times = backoff->failures == 1
                                  ? std::string("the last deployment came to nothing")
                                  : fmt::format("{} deployments in a row came to nothing", backoff->failures);
    if (context.now >= backoff->until) return passed(context, [&] { return times + ", long enough ago"; });
    return held(fmt::format("{}; {} left", times, print_short(elapsed(context.now, backoff->until))),
                next_possible(context, backoff->until) + ", or deploy it by hand");
}

Answer daily_limit(Cause cause, const Context& context) {
    const auto& adjustment = context.policy.adjustment;
    const bool oom = cause == Cause::oom;
    const DayCount& counted = oom ? context.state.oom_raises : context.state.adjustments;
    const std::int64_t most = oom ? most_oom_raises : adjustment.max_adjustments_per_day;
    const bool any = counted.count > 0 && counted.day == local_day(adjustment.timezone, context.now);
    const std::int64_t today = any ? counted.count : 0;
    const auto reason = [&] {
        return fmt::format("{} of {} {}today", today, most, oom ? "raises after OOM kills " : "");
    };
    if (today < most) return passed(context, reason);
    const std::string remedy =
        next_possible(context, next_time(adjustment.timezone, config::TimeOfDay{}, context.now));
    return held(reason(), oom ? remedy + "; find out what needs the memory, or set the limit by hand"
                              : remedy + ", or raise adjustment.max_adjustments_per_day");
}

Answer maintenance_window(const Context& context) {
    const auto& adjustment = context.policy.adjustment;
    if (!adjustment.maintenance_window) return passed("at any time");
    const auto local = local_time(adjustment.timezone, context.now);
    if (!local)
        return held(fmt::format("the host does not know the time zone {}", adjustment.timezone),
                    "install tzdata, or change adjustment.timezone");
    const auto& window = *adjustment.maintenance_window;
    const bool open = window.contains(local->time);
    const auto reason = [&] {
        return fmt::format("{} is {} {}", config::print(local->time), open ? "within" : "not within",
                           config::print(window));
    };
    if (open) return passed(context, reason);
    return held(reason(), next_possible(context, next_time(adjustment.timezone, window.from, context.now)));
}

GateReport report(Gate gate, Answer answer) {
    return {.gate = gate,
            .resource = {},
            .outcome = answer.outcome,
            .reason = std::move(answer.reason),
            .remedy = std::move(answer.remedy)};
}

/// Where nothing is wanted, what a person set by hand is told all the same, and what is under way.
Answer unasked(Gate gate, const Context& context) {
    Answer answer = idle();
    if (gate == Gate::managed && !context.policy.enabled) answer.reason = managed(context).reason;
    if (gate == Gate::paused && context.service.pause) answer.reason = paused(context).reason;
    if (gate == Gate::deployment && !context.service.under_way.empty())
        answer.reason = deployment(context).reason;
    return answer;
}

}  // namespace

Answer judge(Gate gate, Cause cause, const Context& context) {
    switch (gate) {
        case Gate::managed:
            return managed(context);
        case Gate::paused:
            return paused(context);
        case Gate::deployment:
            return deployment(context);
        case Gate::uptime:
            return uptime(cause, context);
        case Gate::cooldown:
            return cooldown(cause, context);
        case Gate::backoff:
            return backoff(context);
        case Gate::daily_limit:
            return daily_limit(cause, context);
        case Gate::maintenance_window:
            return maintenance_window(context);
        case Gate::data:
        case Gate::hysteresis:
        case Gate::service_class:
        case Gate::direction:
        case Gate::trend:
        case Gate::bounds:
        case Gate::minimum_change:
        case Gate::host_capacity:
            break;
    }
    return idle();
}

GateReport judge_service(Gate gate, Question& cpu, Question& memory, const Context& context) {
    // What another gate dropped already is only asked about when nothing else is left.
    const bool any_goes = cpu.goes() || memory.goes();
    const auto is_asked = [&](const Question& question) {
        return any_goes ? question.goes() : question.wanted.has_value();
    };
    if (!is_asked(cpu) && !is_asked(memory)) return report(gate, unasked(gate, context));
    if (!is_asked(memory)) return report(gate, judge(gate, cpu.wanted->cause, context));
    Answer of_memory = judge(gate, memory.wanted->cause, context);
    if (!is_asked(cpu) || cpu.wanted->cause == memory.wanted->cause)
        return report(gate, std::move(of_memory));
    Answer of_cpu = judge(gate, cpu.wanted->cause, context);
    const bool cpu_held = of_cpu.outcome == Outcome::held;
    const bool memory_held = of_memory.outcome == Outcome::held;
    if (cpu_held == memory_held)
        return report(gate, of_memory.outcome == Outcome::idle ? std::move(of_cpu) : std::move(of_memory));
    Question& waits = cpu_held ? cpu : memory;
    const Answer& why = cpu_held ? of_cpu : of_memory;
    waits.dropped = true;
    return {.gate = gate,
            .resource = {},
            .outcome = Outcome::passed,
            .reason = fmt::format("{}; {} waits: {}", cpu_held ? of_memory.reason : of_cpu.reason,
                                  word_for(waits.sizing.resource), why.reason),
            .remedy = why.remedy};
}

}  // namespace rm::decide
