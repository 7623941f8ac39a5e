// SPDX-License-Identifier: Apache-2.0
// Following a started program to its end: its output, its deadline, being told to stop. Internal to net/.
#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "net/subprocess.h"
#include "net/subprocess_start.h"

namespace rm::net {

/// `stop` is a descriptor that becomes readable when the caller wants the program to end.
Result<Outcome> follow(const Command& command, Process& process, SteadyTime started, int stop);

}  // namespace rm::net
