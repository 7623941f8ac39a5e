// SPDX-License-Identifier: Apache-2.0
// The order of the stages, by strategy: there and back.
#pragma once

#include <span>

#include "config/settings.h"
#include "deploy/move.h"
#include "deploy/stage.h"

namespace rm::deploy {

/// Ends with `done`.
std::span<const Stage> course_of(config::Strategy strategy);
/// Ends with `undone`.
std::span<const Stage> way_back_of(config::Strategy strategy);

bool has_stage(config::Strategy strategy, Stage stage);
bool is_on_way_back(config::Strategy strategy, Stage stage);

/// What comes after a stage of either of them that is not its last.
Stage next_stage(config::Strategy strategy, Stage stage);

/// What `stage` of the strategy of `s` wants.
Move move_in(Stage stage, const Situation& s);

}  // namespace rm::deploy
