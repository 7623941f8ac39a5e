// SPDX-License-Identifier: Apache-2.0
// Action: one thing that a deployment wants done outside of itself. Whoom it is about follows from the
// deployment and from what is seen. Each may be done again after a crash.
#pragma once

#include <string_view>

#include "docker/write.h"

namespace rm::deploy {

enum class Act {
    before_hook,
    create_green,
    furnish_green,  // further networks, files of the writable layer
    start_green,
    probe_green,  // our own health check
    verify_green,
    healthy_hook,
    pin_blue,
    switch_hook,
    begin_drain,
    signal_blue,
    kill_blue,
    rename_blue,   // aside
    restore_name,  // of blue
    rename_green,
    remove_blue,
    after_hook,
    keep_evidence,  // what green last said
    start_blue,
    unpin_blue,
    end_drain,
    remove_green,
    rollback_hook,
    change_limits,
    probe_blue,  // our own health check, of the container whose limits were changed
    run_script,
};

std::string_view to_string(Act act);

struct Action {
    Act act{};
    docker::Update update = {};  // of change_limits

    friend bool operator==(const Action&, const Action&) = default;
};

}  // namespace rm::deploy
