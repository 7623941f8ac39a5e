// SPDX-License-Identifier: Apache-2.0
#include "deploy/course.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "deploy/in_place_stages.h"
#include "deploy/script_stages.h"
#include "deploy/stages.h"

namespace rm::deploy {
namespace {

using config::Strategy;
using enum Stage;

constexpr std::array blue_green{prepare, create, start,   health, verify, pin,
                                drain,   stop,   observe, swap,   remove, done};
constexpr std::array blue_green_back{revive, clear, undone};

constexpr std::array recreate{prepare, create, pin,     drain, stop,   start,
                              health,  verify, observe, swap,  remove, done};
/// What can't run twice: green goes before blue comes back.
constexpr std::array recreate_back{clear, revive, undone};

constexpr std::array in_place{prepare, update, confirm, observe, done};
constexpr std::array by_script{prepare, script, check, done};
constexpr std::array revert_only{revert, undone};

struct Part {
    Stage stage;
    Move (*move)(const Situation& s);
};

constexpr std::array replacing{
    Part{.stage = prepare, .move = &in_prepare}, Part{.stage = create, .move = &in_create},
    Part{.stage = start, .move = &in_start},     Part{.stage = health, .move = &in_health},
    Part{.stage = verify, .move = &in_verify},   Part{.stage = pin, .move = &in_pin},
    Part{.stage = drain, .move = &in_drain},     Part{.stage = stop, .move = &in_stop},
    Part{.stage = observe, .move = &in_observe}, Part{.stage = swap, .move = &in_swap},
    Part{.stage = remove, .move = &in_remove},   Part{.stage = revive, .move = &in_revive},
    Part{.stage = clear, .move = &in_clear},
};

constexpr std::array changing{
    Part{.stage = prepare, .move = &in_place_prepare}, Part{.stage = update, .move = &in_place_update},
    Part{.stage = confirm, .move = &in_place_confirm}, Part{.stage = observe, .move = &in_place_observe},
    Part{.stage = revert, .move = &in_place_revert},
};

constexpr std::array scripted{
    Part{.stage = prepare, .move = &script_prepare},
    Part{.stage = script, .move = &script_run},
    Part{.stage = check, .move = &script_check},
    Part{.stage = revert, .move = &script_revert},
};

struct Course {
    std::span<const Stage> there;
    std::span<const Stage> back;
    std::span<const Part> parts;
};

Course find(Strategy strategy) {
    switch (strategy) {
        case Strategy::blue_green:
        case Strategy::automatic:  // a deployment has one of the others
            break;
        case Strategy::recreate:
            return {.there = recreate, .back = recreate_back, .parts = replacing};
        case Strategy::in_place:
            return {.there = in_place, .back = revert_only, .parts = changing};
        case Strategy::script:
            return {.there = by_script, .back = revert_only, .parts = scripted};
    }
    return {.there = blue_green, .back = blue_green_back, .parts = replacing};
}

}  // namespace

std::span<const Stage> course_of(Strategy strategy) {
    return find(strategy).there;
}

std::span<const Stage> way_back_of(Strategy strategy) {
    return find(strategy).back;
}

bool has_stage(Strategy strategy, Stage stage) {
    const auto there = course_of(strategy);
    return std::ranges::find(there, stage) != there.end() || is_on_way_back(strategy, stage);
}

bool is_on_way_back(Strategy strategy, Stage stage) {
    const auto back = way_back_of(strategy);
    return std::ranges::find(back, stage) != back.end();
}

Stage next_stage(Strategy strategy, Stage stage) {
    for (const auto course : {course_of(strategy), way_back_of(strategy)}) {
        const auto found = std::ranges::find(course, stage);
        if (found != course.end() && found + 1 != course.end()) return *(found + 1);
    }
    throw std::logic_error("a stage without a next one");
}

Move move_in(Stage stage, const Situation& s) {
    const auto parts = find(s.deployment.strategy).parts;
    const auto part = std::ranges::find(parts, stage, &Part::stage);
    if (part == parts.end()) throw std::logic_error("a stage in which nothing can be done");
    return part->move(s);
}

}  // namespace rm::deploy
