// SPDX-License-Identifier: Apache-2.0
#include "deploy/move.h"

#include <algorithm>

#include <fmt/format.h>

namespace rm::deploy {
namespace {

constexpr Duration first_pause{250};
constexpr Duration longest_pause = std::chrono::seconds(30);

Duration pause_after(int attempts) {
    Duration pause = first_pause;
    for (int i = 1; i < attempts && pause < longest_pause; ++i) pause *= 2;
    return std::min(pause, longest_pause);
}

/// Asking again may help.
bool may_pass(ErrorCode code) {
    using enum ErrorCode;
    return code == unavailable || code == timeout || code == io || code == cancelled || code == not_found;
}

std::string why(const Attempts& tried, Act act) {
    if (tried.error) return fmt::format("{}: {}", to_string(act), tried.error->message);
    return fmt::format("{} had no effect", to_string(act));
}

}  // namespace

Move attempt(const Situation& s, const Action& action, Patience patience) {
    const auto found = s.watch.attempts.find(action.act);
    if (found == s.watch.attempts.end()) return action;
    const Attempts& tried = found->second;
    if (patience == Patience::short_lived) {
        if (tried.error && !may_pass(tried.error->code)) return GiveUp{why(tried, action.act)};
        if (timed_out(s)) return GiveUp{why(tried, action.act)};
    }
    const Duration pause = pause_after(tried.count);
    if (tried.ago < pause) return Wait{.look_again = pause - tried.ago, .for_what = why(tried, action.act)};
    return action;
}

std::optional<Move> once(const Situation& s, bool wanted, Act act) {
    if (!wanted || s.watch.did(act)) return std::nullopt;
    return attempt(s, {.act = act});
}

std::optional<Move> try_once(const Situation& s, bool wanted, Act act) {
    if (!wanted || s.watch.attempts.contains(act)) return std::nullopt;
    return Action{.act = act};
}

bool timed_out(const Situation& s) {
    return s.watch.in_stage >= s.terms.health_timeout;
}

}  // namespace rm::deploy
