// SPDX-License-Identifier: Apache-2.0
// A picture in which the limits of `web-1` are changed in place.
#pragma once

#include "deploy/in_place_stages.h"
#include "tests/unit/deploy/picture.h"

namespace rm::deploy::test {

struct InPlaceWeb : Picture {
    explicit InPlaceWeb(const Limits& to = limits("1", "768M")) : Picture(config::Strategy::in_place) {
        row.to = replica().to = to;
    }

    /// In `stage`, with what is remembered of the time before.
    InPlaceWeb& in(Stage stage, Duration since = {}) {
        if (!replica().in_place) replica().in_place = before_update(blue(), replica());
        at(stage, since);
        return *this;
    }
    /// The engine and the kernel have the new limits.
    InPlaceWeb& changed() {
        blue().limit_fields = replica().in_place->after;
        blue().limits = replica().to;
        if (sight.usage) sight.usage->memory_limit = replica().to.memory;
        return *this;
    }
    /// Engine and kernel do what the last look wanted.
    InPlaceWeb& done() {
        test::apply(action.value().update, blue());
        if (sight.usage) sight.usage->memory_limit = blue().limits.memory;
        return *this;
    }
    InPlaceWeb& ended(int exit_code, bool oom_killed = false) {
        blue().state = docker::ContainerState::exited;
        blue().exit_code = exit_code;
        blue().oom_killed = oom_killed;
        sight.usage = std::nullopt;
        return *this;
    }
};

}  // namespace rm::deploy::test
