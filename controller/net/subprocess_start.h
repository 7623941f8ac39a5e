// SPDX-License-Identifier: Apache-2.0
// Starting a program, and owning it until it is gone. Internal to net/; callers use net/subprocess.h.
#pragma once

#include <sys/types.h>

#include "core/descriptor.h"
#include "core/result.h"
#include "net/subprocess.h"

namespace rm::net {

/// A started program and its process group. It is reaped exactly once: by `reap`, or else killed and reaped
/// by the destructor. Until then its process id can't be given to anybody else, so that signalling it is
/// safe.
class Process {
public:
    /// `out` and `err` are the reading ends of its pipes.
    Process(pid_t pid, Descriptor out, Descriptor err);
    Process(Process&& other) noexcept;
    Process& operator=(Process&&) = delete;
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    [[nodiscard]] pid_t pid() const { return pid_; }

    /// Opens the descriptor that becomes readable when the program has ended; false with errno.
    [[nodiscard]] bool watch_exit();
    [[nodiscard]] int exit_descriptor() const { return exit_.get(); }

    /// To the whole group.
    void send(int signal) const;

    /// Whether anybody else of the group is running.
    [[nodiscard]] bool has_company() const;

    /// Kills what is left of the group and waits for the program, which has ended or been killed: its wait
    /// status.
    Result<int> reap();

    /// Gives the program up as one that can't be killed.
    void abandon() { pid_ = -1; }

    Descriptor out;
    Descriptor err;

private:
    pid_t pid_;
    Descriptor exit_;
};

Result<Process> start(const Command& command);

}  // namespace rm::net
