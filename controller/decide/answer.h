// SPDX-License-Identifier: Apache-2.0
// What the gates are asked, and what they answer. Plain values of one call of decide().
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/settings.h"
#include "decide/decide.h"
#include "decide/quantity.h"
#include "decide/sight.h"
#include "decide/state.h"
#include "decide/verdict.h"
#include "decide/view.h"

namespace rm::decide {

/// What all gates may look at. `state` has this check's streaks and OOM kills in it already.
struct Context {
    const ServiceView& service;
    const config::ServicePolicy& policy;
    const Rules& rules;
    const ServiceState& state;
    WallTime now;
    Words words{};
};

/// Why a limit should change.
enum class Cause {
    usage,        // it was above or below its threshold
    oom,          // the kernel killed for lack of memory
    first_limit,  // there is none, and one is configured to start with
    drift         // somebody else took away what we had set
};

/// A change that is wanted. `to` is nothing until the gate of the bounds gave it a number, and again once a
/// gate found that there is no room for one.
struct Wanted {
    Wish way = Wish::keep;
    Cause cause = Cause::usage;
    std::optional<Amount> to{};
    std::string_view clamped{};  // what set the number in place of the usage; a constant
};

/// One resource on its way through the gates.
struct Question {
    Sizing sizing;
    Sight sight;
    std::int64_t streak = 0;
    std::optional<Wanted> wanted{};
    bool dropped = false;        // a gate held it
    std::string_view ceiling{};  // what leaves no room for more; a constant
    std::vector<GateReport> reports{};

    [[nodiscard]] bool goes() const { return wanted && wanted->to && !dropped; }
};

struct Answer {
    Outcome outcome = Outcome::idle;
    std::string reason{};
    std::string remedy{};
};

Answer passed(std::string reason);
/// `say` makes the reason where it is wanted: hardly anybody reads why a gate let something pass.
template <class Say>
    requires std::invocable<Say>
Answer passed(const Context& context, const Say& say) {
    return passed(context.words == Words::all ? std::string(say()) : std::string());
}
Answer held(std::string reason, std::string remedy = {});
Answer idle(std::string reason = "nothing to do");

/// "CPU is above 80% in 2 of 3 checks (91% of 0.5)": what the usage says, for the gate and for the summary.
std::string streak_sentence(const Question& question, std::int64_t needed);

}  // namespace rm::decide
