// SPDX-License-Identifier: Apache-2.0
// The stages in which one container is replaced by another, as the journal keeps them, and the phases that
// people see. Blue is the container that is there, green the one that shall take its place.
#pragma once

#include <optional>
#include <string_view>

namespace rm::deploy {

enum class Stage {
    prepare,  // nothing was changed yet
    create,   // green is made, and gets what a clone alone does not have
    start,    // green is started
    health,   // green becomes healthy
    verify,   // green is tried from outside
    pin,      // blue shall not come back by itself once it is stopped
    drain,    // blue is taken out of the traffic
    stop,     // blue ends
    observe,  // green stays healthy alone
    swap,     // green takes the name
    remove,   // blue goes
    update,   // the limits of a running container are changed
    confirm,  // and the kernel has them
    script,   // a program of the user's does it
    check,    // what it did is looked at
    done,
    // The way back.
    revive,  // blue serves again
    clear,   // green goes
    revert,  // a running container gets its old limits back
    undone
};

enum class Phase { prepare, create, health, verify, drain, observe, finish, rollback };

std::string_view to_string(Stage stage);
std::optional<Stage> parse_stage(std::string_view text);

std::string_view to_string(Phase phase);
/// Where people see a deployment that is in `stage`.
Phase phase_of(Stage stage);

}  // namespace rm::deploy
