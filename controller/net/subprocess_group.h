// SPDX-License-Identifier: Apache-2.0
// Who is in a process group, as /proc tells it. kill(2) can't say: to it a dead leader that nobody has reaped
// yet is still there. Internal to net/.
#pragma once

#include <string_view>

#include <sys/types.h>

namespace rm::net {

/// Whether a process other than `leader` is running in its group. False where /proc can't be read.
bool has_running_members(pid_t leader);

/// The same of one process's stat file: `1234 (a name) S 1 1230 ...`.
bool is_running_member(std::string_view stat, pid_t leader);

}  // namespace rm::net
