// SPDX-License-Identifier: Apache-2.0
// The heart of a deployment: from the journal's row, what the engine shows and what this process remembers,
// to the one next thing. Pure. Nothing is special about going on after a crash: the same function reads the
// same row and the same engine.
#pragma once

#include <variant>

#include "deploy/move.h"

namespace rm::deploy {

/// It has come to its end; the status says how.
struct Ended {};

struct Step {
    Deployment next;  // to be journaled before anything is done
    std::variant<Action, Wait, Ended> todo;
};

Step advance(Deployment deployment, const Sight& sight, Watch watch, const Terms& terms);

}  // namespace rm::deploy
