// SPDX-License-Identifier: Apache-2.0
// What goes wrong in an ordeal, by chance.
#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "store/deployments.h"
#include "tests/unit/deploy/ordeal.h"
#include "tests/unit/deploy/sure.h"

namespace rm::deploy::test {
namespace {

using docker::Container;
using docker::ContainerState;
using docker::EngineCall;
using docker::HealthState;

}  // namespace

/// To one of the containers, whichever it is.
void Ordeal::accident() {
    const auto all = containers();
    if (all.empty()) return complain("nothing is left of the service");
    const Container& one = all.at(below(all.size()));
    const bool is_up = one.state == ContainerState::running;
    ++tally_.accidents;
    switch (below(12)) {
        case 0:
        case 1:
        case 2:  // it needs most of what it has
            if (is_up && one.limits.memory)
                sure(engine_.set_load(one.id, constantly(Bytes(one.limits.memory->count() / 10 * 8))));
            return;
        case 3:
        case 4:
        case 5:
            sure(engine_.set_load(one.id, constantly(little_memory)));
            return;
        case 6:
            sure(engine_.run_out_of_memory(one.id));
            break;
        case 7:
        case 8:
            sure(engine_.crash(one.id, 1));
            break;
        case 9:
            engine_.restart_daemon();
            break;
        default:
            sure(engine_.set_health(one.id, HealthState::unhealthy));
            ill_until_[one.id] = clock_.now().steady + std::chrono::seconds(1 + below(90));
            break;
    }
    disturbed_ = true;
}

void Ordeal::recover(bool all) {
    const auto present = containers();
    for (auto one = ill_until_.begin(); one != ill_until_.end();) {
        if (!all && clock_.now().steady < one->second) {
            ++one;
            continue;
        }
        if (std::ranges::find(present, one->first, &Container::id) != present.end())
            sure(engine_.set_health(one->first, HealthState::none));
        one = ill_until_.erase(one);
    }
}

/// No two in the same call, and the more harmful the rarer.
std::optional<Error> Ordeal::before(EngineCall call, const ContainerId* id) {
    if (at_home_) return std::nullopt;
    if (dead_) return Error{.code = ErrorCode::cancelled, .message = "the controller was killed"};
    const bool writes = docker::is_writing(call);
    const std::uint64_t fate = below(1000);
    if (fate < 5) {
        ++tally_.faults;
        clock_.advance(Duration(below(8000)));  // slow
    } else if (fate < 20) {
        ++tally_.faults;
        return Error{.code = ErrorCode::unavailable, .message = "the engine does not answer"};
    } else if (fate < 25 && writes) {
        ++tally_.faults;
        return Error{.code = ErrorCode::conflict, .message = "the engine will not"};
    } else if (fate < 45 && writes) {
        dead_ = true;
        return Error{.code = ErrorCode::cancelled, .message = "the controller was killed"};
    }
    if (id != nullptr && (call == EngineCall::signal || call == EngineCall::remove)) may_end(*id);
    return std::nullopt;
}

std::optional<Error> Ordeal::after(EngineCall call) {
    if (at_home_ || dead_ || !docker::is_writing(call)) return std::nullopt;
    const std::uint64_t fate = below(1000);
    if (fate < 20) {
        dead_ = true;
        return Error{.code = ErrorCode::cancelled, .message = "the controller was killed"};
    }
    if (fate >= 60) return std::nullopt;
    ++tally_.faults;
    return Error{.code = ErrorCode::timeout, .message = "the answer was lost"};
}

/// Nothing that serves is ended while nothing else does.
void Ordeal::may_end(const ContainerId& id) {
    if (may_be_away()) return;
    at_home_ = true;
    bool serves = false;
    bool another_serves = false;
    for (const Container& one : containers()) (one.id == id ? serves : another_serves) |= is_healthy(one);
    at_home_ = false;
    if (serves && !another_serves) complain("the only container that serves was to be ended");
}

}  // namespace rm::deploy::test
