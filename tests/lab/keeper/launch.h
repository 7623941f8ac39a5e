// SPDX-License-Identifier: Apache-2.0
// The two things a keeper starts: a program, and a space (network, mount and pid namespaces with a first
// process that does nothing but hold them). Both die with the keeper, even if that is killed. To be called by
// a single thread.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

#include "core/result.h"

namespace rm::lab {

struct Launch {
    std::vector<std::string> argv = {};
    std::vector<std::string> environment = {};
    std::string user = {};       // empty: ours
    std::string directory = {};  // empty: /
    std::string log = {};        // gets stdout and stderr
    int space = -1;              // a pidfd of the first process of the space to start in
};

/// Starts a program as leader of a session of its own. An error names the step that failed.
Result<pid_t> start_program(const Launch& launch);

/// Opens a space: loopback up, its own /proc, an empty /run (so that nothing inside finds the machine's own
/// containerd, D-Bus or Docker), and mounts that nobody outside sees. It lives as long as its first process,
/// whose pid this is. That one ends with the last holder of the other end of `lifeline`.
Result<pid_t> start_space(int lifeline);

}  // namespace rm::lab
