// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "decide/oom.h"
#include "decide/resource_gates.h"

namespace rm::decide {
namespace {

struct Sized {
    Amount to = 0;
    std::string_view clamped{};
};

std::string range(const Sizing& sizing) {
    return fmt::format("within {} to {}", print_amount(sizing.resource, sizing.min),
                       print_amount(sizing.resource, sizing.max));
}

/// The least that the service may have, and its name.
Sized floor_of(const Sizing& sizing) {
    if (sizing.baseline && *sizing.baseline > sizing.min)
        return {.to = *sizing.baseline, .clamped = baseline_name(sizing.resource)};
    return {.to = sizing.min, .clamped = min_name(sizing.resource)};
}

/// The least limit at which `usage` is not above the high threshold.
Amount calm_limit(const Sizing& sizing, Amount usage) {
    if (!(sizing.high > 0)) return 0;
    const Amount limit = round_up(scaled(usage, 1 / sizing.high), sizing.step);
    const bool is_above = static_cast<double>(usage) > sizing.high * static_cast<double>(limit);
    return is_above ? sum(limit, sizing.step) : limit;
}

Sized within(const Sizing& sizing, Amount wanted) {
    Sized sized{.to = round_up(wanted, sizing.step)};
    const Sized floor = floor_of(sizing);
    if (sized.to < floor.to) sized = floor;
    if (sized.to > sizing.max) sized = {.to = sizing.max, .clamped = max_name(sizing.resource)};
    return sized;
}

Answer accept(Question& question, const Sized& sized, const Context& context) {
    question.wanted->to = sized.to;
    question.wanted->clamped = sized.clamped;
    return passed(context, [&] {
        const auto resource = question.sizing.resource;
        const std::string from =
            question.sight.limit ? print_amount(resource, *question.sight.limit) : std::string("unlimited");
        return fmt::format("{} -> {}: {}", from, print_amount(resource, sized.to),
                           sized.clamped.empty() ? range(question.sizing) : std::string(sized.clamped));
    });
}

Answer raise(Question& question, const Context& context) {
    const Sizing& sizing = question.sizing;
    const Amount from = *question.sight.limit;
    const bool repeated = context.state.pending_oom && context.state.pending_oom->repeated;
    const Amount wanted = question.wanted->cause == Cause::oom
                              ? after_oom(from, question.sight, repeated)
                              : scaled(from, context.policy.adjustment.increase_factor.value());
    const Sized sized = within(sizing, wanted);
    if (sized.to > from) return accept(question, sized, context);
    question.ceiling = max_name(sizing.resource);
    return held(
        fmt::format("{} of {} is at the maximum of {}", word_for(sizing.resource),
                    print_amount(sizing.resource, from), print_amount(sizing.resource, sizing.max)),
        fmt::format("raise {} above {}", question.ceiling, print_amount(sizing.resource, sizing.max)));
}

Answer lower(Question& question, const Context& context) {
    const Sizing& sizing = question.sizing;
    const Amount from = *question.sight.limit;
    const Sized floor = floor_of(sizing);
    if (from <= floor.to)
        return held(fmt::format("{} of {} is at {}", word_for(sizing.resource),
                                print_amount(sizing.resource, from), floor.clamped),
                    fmt::format("lower {} below {}", floor.clamped, print_amount(sizing.resource, floor.to)));
    const Amount calm = calm_limit(sizing, question.sight.highest.value_or(from));
    Sized sized = within(sizing, scaled(from, context.policy.adjustment.decrease_factor.value()));
    if (calm > sizing.max)
        return held(fmt::format("even {} would be too little for what it uses",
                                print_amount(sizing.resource, sizing.max)),
                    fmt::format("raise {}", max_name(sizing.resource)));
    if (calm > sized.to) sized = {.to = calm};
    if (sized.to < from) return accept(question, sized, context);
    return held(fmt::format("{} of {} can not be lowered by a step of {}", word_for(sizing.resource),
                            print_amount(sizing.resource, from), print_amount(sizing.resource, sizing.step)));
}

/// A first limit is what is configured, but nothing that the usage is already above.
Answer first_limit(Question& question, const Context& context) {
    const Sizing& sizing = question.sizing;
    const Amount calm = calm_limit(sizing, question.sight.highest.value_or(0));
    if (calm > sizing.max)
        return held(fmt::format("even {} would be too little for what it uses",
                                print_amount(sizing.resource, sizing.max)),
                    fmt::format("raise {}", max_name(sizing.resource)));
    return accept(question, within(sizing, std::max(sizing.initial.value_or(0), calm)), context);
}

/// What we had set, within the bounds of today, and nothing that the usage is already above.
Answer back(Question& question, const Context& context) {
    const Sizing& sizing = question.sizing;
    const Drift& drift = *context.state.drift;
    const auto found = limit_of(sizing.resource, drift.found);
    Sized sized = within(sizing, *limit_of(sizing.resource, drift.ours));
    const bool more = question.wanted->way == Wish::raise;
    const Amount calm = more ? 0 : calm_limit(sizing, question.sight.highest.value_or(0));
    if (calm > sizing.max)
        return held(fmt::format("even {} would be too little for what it uses",
                                print_amount(sizing.resource, sizing.max)),
                    fmt::format("raise {}", max_name(sizing.resource)));
    if (calm > sized.to) sized = {.to = calm};
    const bool changes = !found || (more ? sized.to > *found : sized.to < *found);
    if (changes) return accept(question, sized, context);
    return held(fmt::format("{} can not be brought back to {}: {}", word_for(sizing.resource),
                            print_amount(sizing.resource, *limit_of(sizing.resource, drift.ours)),
                            sized.clamped.empty() ? "it uses more" : std::string(sized.clamped)));
}

}  // namespace

Answer bounds_gate(Question& question, const Context& context) {
    if (!question.wanted) return idle();
    if (question.wanted->cause == Cause::first_limit) return first_limit(question, context);
    if (question.wanted->cause == Cause::drift) return back(question, context);
    if (!question.sight.limit) return idle();
    return question.wanted->way == Wish::raise ? raise(question, context) : lower(question, context);
}

}  // namespace rm::decide
