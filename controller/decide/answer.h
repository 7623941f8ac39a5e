// SPDX-License-Identifier: Apache-2.0
// What the gates are asked, and what they answer. Plain values of one call of decide().
#pragma once

#include <cstdint>
#include <optional>
#include <string>

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
};

/// Why a limit should change.
enum class Cause {
    usage,       // it was above or below its threshold
    oom,         // the kernel killed for lack of memory
    first_limit  // there is none, and one is configured to start with
};

/// A change that is wanted. `to` is nothing until the gate of the bounds gave it a number, and again once a
/// gate found that there is no room for one.
struct Wanted {
    Wish way = Wish::keep;
    Cause cause = Cause::usage;
    std::optional<Amount> to{};
    std::string clamped{};
};

/// One resource on its way through the gates.
struct Question {
    Sizing sizing;
    Sight sight;
    std::int64_t streak = 0;
    std::optional<Wanted> wanted{};
    bool dropped = false;   // a gate held it
    std::string ceiling{};  // what leaves no room for more
    std::vector<GateReport> reports{};

    [[nodiscard]] bool goes() const { return wanted && wanted->to && !dropped; }
};

struct Answer {
    Outcome outcome = Outcome::idle;
    std::string reason{};
    std::string remedy{};
};

Answer passed(std::string reason);
Answer held(std::string reason, std::string remedy = {});
Answer idle(std::string reason = "nothing to do");

/// "CPU is above 80% in 2 of 3 checks (91% of 0.5)": what the usage says, for the gate and for the summary.
std::string streak_sentence(const Question& question, std::int64_t needed);

}  // namespace rm::decide
