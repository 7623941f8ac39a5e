// SPDX-License-Identifier: Apache-2.0
#include "decide/summary.h"

#include <fmt/format.h>

#include "decide/drift.h"

namespace rm::decide {
namespace {

std::string why(const Question& question, const Context& context) {
    switch (question.wanted->cause) {
        case Cause::first_limit:
            return "its first limit";
        case Cause::oom:
            return context.state.pending_oom && context.state.pending_oom->repeated
                       ? "another OOM kill within 24h"
                       : "an OOM kill";
        case Cause::drift:
            return fmt::format("set again as by deployment {}, after somebody else changed it",
                               context.state.drift->deployment);
        case Cause::usage:
            break;
    }
    return streak_sentence(question, context.policy.thresholds.consecutive_checks);
}

std::string change_sentence(const Question& question, const Context& context) {
    if (!question.goes()) return {};
    const auto resource = question.sizing.resource;
    const std::string from =
        question.sight.limit ? print_amount(resource, *question.sight.limit) : std::string("unlimited");
    const std::string clamp =
        question.wanted->clamped.empty() ? "" : fmt::format(", set by {}", question.wanted->clamped);
    return fmt::format("{} {} -> {}: {}{}", word_for(resource), from,
                       print_amount(resource, *question.wanted->to), why(question, context), clamp);
}

std::string usage_of_limit(const Question& question) {
    const auto word = word_for(question.sizing.resource);
    if (!question.sight.limit) return fmt::format("{} without a limit", word);
    return fmt::format("{} {}", word, question.sight.ratio ? percent(*question.sight.ratio) : "not known");
}

}  // namespace

std::string proposal_sentence(const Question& cpu, const Question& memory, const Context& context) {
    std::string first = change_sentence(cpu, context);
    const std::string second = change_sentence(memory, context);
    if (!first.empty() && !second.empty()) first += "; ";
    return first + second;
}

std::string summary(const Verdict& verdict, const Question& cpu, const Question& memory) {
    if (verdict.drift_seen && verdict.next.drift->accepted)
        return drift_sentence(*verdict.next.drift) + ", which holds from now on: its history starts again";
    if (verdict.proposal) return verdict.proposal->reason;
    if (const GateReport* gate = first_held(verdict))
        return fmt::format("held by {}: {}", to_string(gate->gate), gate->reason);
    return fmt::format("within thresholds: {}, {}", usage_of_limit(cpu), usage_of_limit(memory));
}

}  // namespace rm::decide
