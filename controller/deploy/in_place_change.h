// SPDX-License-Identifier: Apache-2.0
// What has to be sent next so that a container gets other limits while it runs: raises at once, less memory
// only when what is in use fits, and in steps. What counts as present is what the kernel holds the container
// to, so that a step is taken when the one before it is in force. Pure.
#pragma once

#include <string>
#include <variant>

#include "deploy/move.h"
#include "docker/limit_fields.h"

namespace rm::deploy {

/// Nothing is left to be changed.
struct Reached {};

struct Send {
    docker::Update update;
    bool lowers = false;   // memory
    bool is_step = false;  // of a way down, and what was sent before is in force
};

/// The memory must not be lowered now.
struct TooFull {
    std::string reason;
    docker::Update meanwhile{};  // what is not about memory
};

using Change = std::variant<Reached, Send, TooFull>;

/// On the way of blue, which must be there, to `target`.
Change next_change(const Situation& s, const docker::LimitFields& target);

/// Why blue is not yet held to `target`, by engine and kernel; nothing when it is.
std::optional<std::string> not_in_force(const Situation& s, const docker::LimitFields& target);

/// Does it, with the pauses of `attempt`; a step that follows another one is no second attempt, and waits
/// only until blue has settled.
Move send(const Situation& s, const Send& change, Patience patience);

/// It uses memory: it runs or is paused.
bool has_processes(const docker::Container& container);

}  // namespace rm::deploy
