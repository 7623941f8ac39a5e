// SPDX-License-Identifier: Apache-2.0
#include "decide/resource_gates.h"

#include <algorithm>

#include <fmt/format.h>

#include "decide/calendar.h"
#include "decide/drift.h"
#include "decide/oom.h"

namespace rm::decide {
namespace {

using config::Direction;
using config::ServiceClass;

std::string_view direction_word(Wish way) {
    return way == Wish::raise ? "up" : "down";
}

/// Setting a limit where there was none takes something away.
bool goes_up(const Wanted& wanted) {
    return wanted.way == Wish::raise;
}

std::optional<Answer> recent_oom(const Question& question, const Context& context) {
    const auto& last = context.state.last_oom;
    if (question.sizing.resource != Resource::memory || !last) return std::nullopt;
    const Duration since = elapsed(*last, context.now);
    if (since >= oom_memory) return std::nullopt;
    return held(
        fmt::format("an OOM kill {} ago: memory is not lowered for 24h after one", print_short(since)),
        fmt::format("next possible at {}",
                    print_when(context.policy.adjustment.timezone, *last + oom_memory, context.now)));
}

/// One that brings a service up again takes a while for all of its replicas, and must not be met half-way.
Answer drift_lasts(const Context& context) {
    if (context.state.drift->since < context.now) return passed("seen in two checks");
    return held(drift_sentence(*context.state.drift), "1 more check that sees it");
}

}  // namespace

Answer data_gate(const Question& question, const Context& context) {
    const Sight& sight = question.sight;
    const bool drifted = question.wanted && question.wanted->cause == Cause::drift;
    const bool first_limit =
        question.wanted && (question.wanted->cause == Cause::first_limit || (drifted && !sight.limit));
    const auto word = word_for(question.sizing.resource);
    if (sight.replicas == 0) return held(sight.missing, "start the service");
    if (!sight.limit && !first_limit) return idle("no limit");
    if (question.wanted && question.wanted->cause == Cause::oom) return passed("an OOM kill says enough");
    if (drifted && question.wanted->way == Wish::raise) return passed("what it had before is known");
    if (!sight.complete) {
        if (sight.wish == Wish::raise)
            return passed(context, [&] {
                return fmt::format("{} is known of {} of {} replicas, and one above is enough", word,
                                   sight.known, sight.replicas);
            });
        return held(fmt::format("{} of {}", word, sight.missing), "passes when the metrics are back");
    }
    if (first_limit) return idle();
    return passed(context, [&] {
        return sight.ratio ? fmt::format("{} {}", word, percent(*sight.ratio)) : std::string(word);
    });
}

Answer hysteresis_gate(const Question& question, const Context& context) {
    if (!question.wanted || question.wanted->cause == Cause::first_limit) return idle();
    if (question.wanted->cause == Cause::oom) return passed("one OOM kill is enough");
    if (question.wanted->cause == Cause::drift) return drift_lasts(context);
    const std::int64_t needed = context.policy.thresholds.consecutive_checks;
    const std::int64_t streak =
        question.wanted->way == Wish::raise ? question.streak : std::int64_t{0} - question.streak;
    const auto reason = [&] {
        return fmt::format("{} {}", word_for(question.sizing.resource), streak_sentence(question, needed));
    };
    if (streak >= needed) return passed(context, reason);
    const std::int64_t more = needed - std::max(streak, std::int64_t{0});
    return held(reason(), fmt::format("{} more {} like this", more, more == 1 ? "check" : "checks"));
}

Answer service_class_gate(const Question& question, const Context& context) {
    if (!question.wanted || question.wanted->cause == Cause::first_limit) return idle();
    const bool critical = context.policy.service_class == ServiceClass::critical;
    if (question.wanted->way == Wish::raise) return passed("to more");
    if (!critical) return passed("not critical");
    return held("a critical service is never reduced", "set class to normal or optional");
}

Answer direction_gate(const Question& question, const Context& context) {
    if (!question.wanted) return idle();
    const Direction allowed = context.policy.direction;
    const Wish way = goes_up(*question.wanted) ? Wish::raise : Wish::lower;
    const Direction needed = way == Wish::raise ? Direction::up : Direction::down;
    if (allowed == Direction::both || allowed == needed) return passed(std::string(direction_word(way)));
    return held(fmt::format("limits of the service may only go {}", way == Wish::raise ? "down" : "up"),
                "set direction to both");
}

Answer trend_gate(const Question& question, const Context& context) {
    if (!question.wanted || question.wanted->way != Wish::lower || !question.sight.limit) return idle();
    if (auto answer = recent_oom(question, context)) return *std::move(answer);
    if (question.wanted->cause != Cause::usage) return idle();
    const auto word = word_for(question.sizing.resource);
    const Duration window = context.rules.trend_window;
    const auto limit = static_cast<double>(*question.sight.limit);
    double highest = 0;
    std::size_t young = 0;
    for (const Replica& replica : context.service.replicas) {
        if (elapsed(replica.started_at, context.now) <= window) {
            ++young;
            continue;
        }
        const auto trend = trend_of(question.sizing.resource, replica);
        if (!trend)
            return held(fmt::format("{} over the last {} of {}: {}", word, print_short(window), replica.name,
                                    describe(trend.error())),
                        "passes when the metrics are back");
        highest = std::max(highest, static_cast<double>(*trend) / limit);
    }
    if (highest >= question.sizing.low)
        return held(fmt::format("{} was {} over the last {}, not below {}", word, percent(highest),
                                print_short(window), percent(question.sizing.low)),
                    "passes when the average is below");
    return passed(context, [&] {
        if (young == context.service.replicas.size())
            return fmt::format("no replica has run for {} yet", print_short(window));
        return fmt::format("{} was {} over the last {}", word, percent(highest), print_short(window));
    });
}

bool is_worth_it(Amount from, Amount to, const config::ServicePolicy& policy) {
    const auto change = static_cast<double>(to > from ? to - from : from - to);
    return change >= policy.adjustment.min_change.value() * static_cast<double>(from);
}

Answer minimum_change_gate(const Question& question, const Context& context) {
    if (!question.wanted || !question.wanted->to || question.wanted->cause == Cause::first_limit ||
        !question.sight.limit)
        return idle();
    const Amount from = *question.sight.limit;
    const Amount to = *question.wanted->to;
    const double share = static_cast<double>(to > from ? to - from : from - to) / static_cast<double>(from);
    if (is_worth_it(from, to, context.policy))
        return passed(context, [&] { return percent(share) + " of the limit"; });
    if (question.wanted->cause == Cause::oom) return passed("an OOM kill makes any worth it");
    if (question.wanted->cause == Cause::drift) return passed("it is what it had before");
    if (!question.wanted->clamped.empty())
        return passed(context,
                      [&] { return fmt::format("{}, up to {}", percent(share), question.wanted->clamped); });
    return held(fmt::format("{} of the limit is less than {}", percent(share),
                            percent(context.policy.adjustment.min_change.value())),
                "lower adjustment.min_change");
}

}  // namespace rm::decide
