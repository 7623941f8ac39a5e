// SPDX-License-Identifier: Apache-2.0
// Move: what a stage wants next. A stage is a pure function of the situation; the course of a strategy says
// which stage comes after it.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "core/duration.h"
#include "deploy/action.h"
#include "deploy/deployment.h"
#include "deploy/sight.h"
#include "deploy/terms.h"
#include "deploy/watch.h"

namespace rm::deploy {

/// How soon a stage looks again where nothing tells it when.
constexpr Duration soon{100};
constexpr Duration now_and_then = std::chrono::seconds(1);

struct Wait {
    Duration look_again{};
    std::string for_what{};  // for people
};

/// The stage is over.
struct Onward {};

/// It can't go on: the way back begins, or where it has begun already, the deployment ends as it is.
struct GiveUp {
    std::string reason;
};

using Move = std::variant<Action, Wait, Onward, GiveUp>;

struct Situation {
    const Deployment& deployment;
    const Replacement& replica;
    const Sight& sight;
    const Watch& watch;
    const Terms& terms;
};

/// How hard a stage tries.
enum class Patience {
    short_lived,  // an answer that will not change gives up at once, others with the health timeout
    endless       // tries until it is done: there is nothing better to do
};

/// Does `action` now, waits after an attempt that failed or showed no effect, or gives up.
Move attempt(const Situation& s, const Action& action, Patience patience = Patience::short_lived);

/// Does something whose effect can't be seen, until it was done; nothing to do when it is not wanted.
std::optional<Move> once(const Situation& s, bool wanted, Act act);

/// Tries it a single time, however that ends: where it can't change the outcome any more.
std::optional<Move> try_once(const Situation& s, bool wanted, Act act);

/// The stage takes longer than a container may take to become healthy.
bool timed_out(const Situation& s);

}  // namespace rm::deploy
