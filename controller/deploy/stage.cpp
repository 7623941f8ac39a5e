// SPDX-License-Identifier: Apache-2.0
#include "deploy/stage.h"

#include <algorithm>
#include <array>

namespace rm::deploy {
namespace {

struct Known {
    Stage stage;
    std::string_view name;
    Phase phase;
};

constexpr std::array known{
    Known{.stage = Stage::prepare, .name = "prepare", .phase = Phase::prepare},
    Known{.stage = Stage::create, .name = "create", .phase = Phase::create},
    Known{.stage = Stage::start, .name = "start", .phase = Phase::create},
    Known{.stage = Stage::health, .name = "health", .phase = Phase::health},
    Known{.stage = Stage::verify, .name = "verify", .phase = Phase::verify},
    Known{.stage = Stage::pin, .name = "pin", .phase = Phase::drain},
    Known{.stage = Stage::drain, .name = "drain", .phase = Phase::drain},
    Known{.stage = Stage::stop, .name = "stop", .phase = Phase::drain},
    Known{.stage = Stage::observe, .name = "observe", .phase = Phase::observe},
    Known{.stage = Stage::swap, .name = "swap", .phase = Phase::finish},
    Known{.stage = Stage::remove, .name = "remove", .phase = Phase::finish},
    Known{.stage = Stage::update, .name = "update", .phase = Phase::create},
    Known{.stage = Stage::confirm, .name = "confirm", .phase = Phase::verify},
    Known{.stage = Stage::script, .name = "script", .phase = Phase::create},
    Known{.stage = Stage::check, .name = "check", .phase = Phase::health},
    Known{.stage = Stage::done, .name = "done", .phase = Phase::finish},
    Known{.stage = Stage::revive, .name = "revive", .phase = Phase::rollback},
    Known{.stage = Stage::clear, .name = "clear", .phase = Phase::rollback},
    Known{.stage = Stage::revert, .name = "revert", .phase = Phase::rollback},
    Known{.stage = Stage::undone, .name = "undone", .phase = Phase::rollback},
};

const Known& find(Stage stage) {
    return *std::ranges::find(known, stage, &Known::stage);
}

}  // namespace

std::string_view to_string(Stage stage) {
    return find(stage).name;
}

std::optional<Stage> parse_stage(std::string_view text) {
    const auto* const found = std::ranges::find(known, text, &Known::name);
    if (found == known.end()) return std::nullopt;
    return found->stage;
}

std::string_view to_string(Phase phase) {
    switch (phase) {
        case Phase::prepare:
            return "prepare";
        case Phase::create:
            return "create";
        case Phase::health:
            return "health";
        case Phase::verify:
            return "verify";
        case Phase::drain:
            return "drain";
        case Phase::observe:
            return "observe";
        case Phase::finish:
            return "finish";
        case Phase::rollback:
            return "rollback";
    }
    return "unknown";
}

Phase phase_of(Stage stage) {
    return find(stage).phase;
}

}  // namespace rm::deploy
