// SPDX-License-Identifier: Apache-2.0
// Whether green has to stay although the deployment turns back: because blue can't be relied on, and nothing
// else would be left. Pure.
#pragma once

#include "deploy/move.h"

namespace rm::deploy {

enum class Keep {
    nothing,         // blue serves
    ask_first,       // our own probe must tell how green is
    serving_green,   // green serves, blue does not
    last_container,  // neither does, and there is no blue to start
};

Keep keep_of(const Situation& s);

}  // namespace rm::deploy
