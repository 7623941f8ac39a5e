// SPDX-License-Identifier: Apache-2.0
// Everything a keeper has started, by a number of its own (pids come back, these don't). Owned by the
// keeper's only thread.
#pragma once

#include <map>
#include <string>

#include <sys/types.h>

#include "tests/lab/keeper/launch.h"
#include "tests/lab/message.h"

namespace rm::lab {

struct Started {
    int number = 0;
    pid_t pid = 0;
    Descriptor pidfd;
};

class Children {
public:
    Result<Started> start(const Launch& launch);
    Result<Started> open_space();

    /// The pidfd of a space's first process.
    [[nodiscard]] Result<int> space(int number) const;

    /// Buries the dead. What is left of a dead program's process group is killed first, while its pid still
    /// can't be anybody else's.
    void reap();

    /// "running", "exited 3", "killed 9".
    [[nodiscard]] Result<std::string> state(int number) const;

    /// Kills everybody, the adopted too, and waits until they are gone.
    void end_all();

private:
    struct Child {
        pid_t pid = 0;
        Descriptor pidfd;
        Descriptor lifeline;  // of a space
        bool is_space = false;
        std::string ended;  // empty while it runs
    };

    Result<Started> keep(pid_t pid, Child child);

    std::map<int, Child> children_;
    int last_ = 0;
};

}  // namespace rm::lab
