// SPDX-License-Identifier: Apache-2.0
#include "decide/answer.h"

#include <algorithm>

#include <fmt/format.h>

namespace rm::decide {
namespace {

std::string how_often(std::int64_t streak, std::int64_t needed) {
    return streak > needed ? fmt::format("{} checks in a row", streak)
                           : fmt::format("{} of {} checks", std::max(streak, std::int64_t{0}), needed);
}

}  // namespace

Answer passed(std::string reason) {
    return {.outcome = Outcome::passed, .reason = std::move(reason)};
}

Answer held(std::string reason, std::string remedy) {
    return {.outcome = Outcome::held, .reason = std::move(reason), .remedy = std::move(remedy)};
}

Answer idle(std::string reason) {
    return {.outcome = Outcome::idle, .reason = std::move(reason)};
}

std::string streak_sentence(const Question& question, std::int64_t needed) {
    const Sight& sight = question.sight;
    const std::string often =
        how_often(sight.wish == Wish::lower ? 0 - question.streak : question.streak, needed);
    const std::string of_limit = sight.ratio && sight.limit
                                     ? fmt::format(" ({} of {})", percent(*sight.ratio),
                                                   print_amount(question.sizing.resource, *sight.limit))
                                     : std::string();
    if (sight.wish == Wish::lower)
        return fmt::format("below {} in {}{}", percent(question.sizing.low), often, of_limit);
    if (sight.above_by_throttling)
        return fmt::format("throttled in {} of its periods, above {} in {}{}",
                           percent(sight.throttled.value_or(0)),
                           percent(question.sizing.throttled.value_or(1)), often, of_limit);
    return fmt::format("above {} in {}{}", percent(question.sizing.high), often, of_limit);
}

}  // namespace rm::decide
