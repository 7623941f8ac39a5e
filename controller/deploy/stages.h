// SPDX-License-Identifier: Apache-2.0
// The stages in which green takes blue's place. Pure. The strategies blue_green and recreate are two courses
// through the same stages.
#pragma once

#include "deploy/fitness.h"
#include "deploy/move.h"

namespace rm::deploy {

Move in_prepare(const Situation& s);
Move in_create(const Situation& s);
Move in_start(const Situation& s);
Move in_health(const Situation& s);
Move in_verify(const Situation& s);
Move in_pin(const Situation& s);
Move in_drain(const Situation& s);
Move in_stop(const Situation& s);
Move in_observe(const Situation& s);
Move in_swap(const Situation& s);
Move in_remove(const Situation& s);

// The way back.
Move in_revive(const Situation& s);
Move in_clear(const Situation& s);

/// Green, judged by the terms.
Fitness fitness_of_green(const Situation& s);
Fitness fitness_of_blue(const Situation& s);

}  // namespace rm::deploy
