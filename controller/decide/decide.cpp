// SPDX-License-Identifier: Apache-2.0
#include "decide/decide.h"

#include <algorithm>
#include <iterator>

#include "decide/drift.h"
#include "decide/oom.h"
#include "decide/resource_gates.h"
#include "decide/service_gates.h"
#include "decide/streaks.h"
#include "decide/summary.h"

namespace rm::decide {
namespace {

/// A clock that was set back must not make anything wait for a time that is far away now.
void pull_back(std::optional<WallTime>& time, WallTime now) {
    if (time && *time > now) time = now;
}

/// The limits that count; assumed ones end when the real ones are no longer those they started from. While
/// nothing runs, nothing is known of the real ones.
Limits limits_in_force(ServiceState& state, const ServiceView& service) {
    const Limits real = real_limits(service);
    if (state.assumed && !service.replicas.empty() && state.assumed->instead_of != real)
        state.assumed.reset();
    return state.assumed ? state.assumed->limits : real;
}

std::optional<Wanted> wanted(const Sizing& sizing, const Sight& sight, const ServiceState& state) {
    if (sight.replicas == 0) return std::nullopt;
    if (wants_back(state) && !state.assumed)  // what dry-run assumed is that they are back
        if (const auto ours = wanted_back(sizing, *state.drift)) return ours;
    if (!sight.limit) {
        if (!sizing.initial) return std::nullopt;
        return Wanted{.way = Wish::lower, .cause = Cause::first_limit};
    }
    if (sizing.resource == Resource::memory && state.pending_oom)
        return Wanted{.way = Wish::raise, .cause = Cause::oom};
    if (sight.wish == Wish::keep) return std::nullopt;
    return Wanted{.way = sight.wish, .cause = Cause::usage};
}

Question question(Resource resource, const config::ServicePolicy& policy, const ServiceView& service,
                  const Limits& in_force) {
    Question made{.sizing = sizing_of(resource, policy), .sight = {}};
    made.sight = look(made.sizing, service, in_force);
    return made;
}

bool is_told(Outcome outcome, Words words) {
    return words == Words::all || outcome == Outcome::held;
}

/// What the gate came to.
Outcome ask(Gate gate, Answer answer, Question& question, const Context& context) {
    question.dropped = question.dropped || answer.outcome == Outcome::held;
    if (is_told(answer.outcome, context.words))
        question.reports.push_back({.gate = gate,
                                    .resource = question.sizing.resource,
                                    .outcome = answer.outcome,
                                    .reason = std::move(answer.reason),
                                    .remedy = std::move(answer.remedy)});
    return answer.outcome;
}

void ask_resource_gates(Question& question, const Context& context) {
    if (context.words == Words::all) question.reports.reserve(8);
    ask(Gate::data, data_gate(question, context), question, context);
    const bool lasting =
        ask(Gate::hysteresis, hysteresis_gate(question, context), question, context) == Outcome::passed;
    ask(Gate::service_class, service_class_gate(question, context), question, context);
    ask(Gate::direction, direction_gate(question, context), question, context);
    ask(Gate::trend, trend_gate(question, context), question, context);
    ask(Gate::bounds, bounds_gate(question, context), question, context);
    ask(Gate::minimum_change, minimum_change_gate(question, context), question, context);
    ask(Gate::host_capacity, host_capacity_gate(question, context), question, context);
    if (!lasting) question.ceiling = {};  // a moment's wish for more is nothing to raise an alarm about
}

bool is_about_the_service(Gate gate) {
    switch (gate) {
        case Gate::managed:
        case Gate::paused:
        case Gate::deployment:
        case Gate::uptime:
        case Gate::cooldown:
        case Gate::backoff:
        case Gate::daily_limit:
        case Gate::maintenance_window:
            return true;
        case Gate::data:
        case Gate::hysteresis:
        case Gate::service_class:
        case Gate::direction:
        case Gate::trend:
        case Gate::bounds:
        case Gate::minimum_change:
        case Gate::host_capacity:
            return false;
    }
    return false;
}

/// All reports in the order of the gates. Those about the service are made on the way.
std::vector<GateReport> in_order(Question& cpu, Question& memory, const Context& context) {
    std::vector<GateReport> reports;
    if (context.words == Words::all) reports.reserve(cpu.reports.size() + memory.reports.size() + 8);
    auto of_cpu = cpu.reports.begin();
    auto of_memory = memory.reports.begin();
    for (int number = 0; number <= static_cast<int>(Gate::maintenance_window); ++number) {
        const auto gate = static_cast<Gate>(number);
        if (is_about_the_service(gate)) {
            GateReport report = judge_service(gate, cpu, memory, context);
            if (is_told(report.outcome, context.words)) reports.push_back(std::move(report));
            continue;
        }
        if (of_cpu != cpu.reports.end() && of_cpu->gate == gate) reports.push_back(std::move(*of_cpu++));
        if (of_memory != memory.reports.end() && of_memory->gate == gate)
            reports.push_back(std::move(*of_memory++));
    }
    return reports;
}

std::optional<Proposal> proposal(const Question& cpu, const Question& memory, const Limits& in_force,
                                 const std::vector<GateReport>& reports, const Context& context) {
    const bool service_held = std::ranges::any_of(reports, [](const GateReport& report) {
        return !report.resource && report.outcome == Outcome::held;
    });
    if (service_held || (!cpu.goes() && !memory.goes())) return std::nullopt;
    const auto is_back = [](const Question& question) {
        return question.goes() && question.wanted->cause == Cause::drift;
    };
    // Where only some of the replicas drifted, those are what it is about.
    const bool back = is_back(cpu) || is_back(memory);
    Proposal made{.from = back ? context.state.drift->found : in_force, .to = in_force};
    if (cpu.goes()) {
        set_limit(Resource::cpu, made.to, *cpu.wanted->to);
        made.clamped_cpu = cpu.wanted->clamped;
    }
    if (memory.goes()) {
        set_limit(Resource::memory, made.to, *memory.wanted->to);
        made.clamped_memory = memory.wanted->clamped;
        made.oom = memory.wanted->cause == Cause::oom;
    }
    made.reason = proposal_sentence(cpu, memory, context);
    return made;
}

Wish wish_of(const Question& question) {
    const bool oom = question.wanted && question.wanted->cause == Cause::oom;
    return oom ? Wish::raise : question.sight.wish;
}

}  // namespace

Verdict decide(const ServiceView& service, const config::ServicePolicy& policy, const Rules& rules,
               const ServiceState& state, WallTime now, Words words) {
    Verdict verdict;
    verdict.words = words;
    ServiceState& next = verdict.next;
    next = state;
    pull_back(next.last_adjustment, now);
    pull_back(next.last_oom, now);
    if (next.drift) next.drift->since = std::min(next.drift->since, now);
    if (next.pending_oom) next.pending_oom->since = std::min(next.pending_oom->since, now);
    verdict.in_force = limits_in_force(next, service);
    // While one container takes another's place, what they use together says nothing about either.
    const bool judged = service.under_way.empty();
    if (judged) {
        verdict.drift_seen = notice_drift(next, service, policy, now);
        verdict.oom_seen = notice_oom_kills(next, service, now);
    }

    Question cpu = question(Resource::cpu, policy, service, verdict.in_force);
    Question memory = question(Resource::memory, policy, service, verdict.in_force);
    if (judged) count_check(next, cpu.sight, memory.sight, rules, now);
    const Context context{
        .service = service, .policy = policy, .rules = rules, .state = next, .now = now, .words = words};
    for (Question* each : {&cpu, &memory}) {
        each->streak = each == &cpu ? next.streaks.cpu : next.streaks.memory;
        each->wanted = wanted(each->sizing, each->sight, next);
        ask_resource_gates(*each, context);
        if (!each->sight.limit && !each->sizing.initial && !service.replicas.empty())
            verdict.unlimited = true;
    }
    verdict.signals = signals_of(service, verdict.in_force);
    verdict.gates = in_order(cpu, memory, context);
    verdict.cpu = wish_of(cpu);
    verdict.memory = wish_of(memory);
    verdict.cpu_at_maximum = !cpu.ceiling.empty();
    verdict.memory_at_maximum = !memory.ceiling.empty();
    verdict.cpu_ceiling = cpu.ceiling;
    verdict.memory_ceiling = memory.ceiling;
    verdict.proposal = proposal(cpu, memory, verdict.in_force, verdict.gates, context);
    verdict.summary = summary(verdict, cpu, memory);
    return verdict;
}

}  // namespace rm::decide
