// SPDX-License-Identifier: Apache-2.0
// A child process whose output a test reads line by line; killed, if it still runs, when the object goes
// away.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include <sys/types.h>

namespace rm::store {

class ChildProcess {
public:
    explicit ChildProcess(std::vector<std::string> command);
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    ChildProcess(ChildProcess&&) = delete;
    ChildProcess& operator=(ChildProcess&&) = delete;
    ~ChildProcess();

    /// The next line it says; empty at the end.
    std::string line();
    /// SIGKILL, then everything it had still said.
    std::vector<std::string> kill();

private:
    pid_t pid_ = 0;
    FILE* output_ = nullptr;
};

/// The first line of a command that runs to its end.
std::string first_line(std::vector<std::string> command);

}  // namespace rm::store
