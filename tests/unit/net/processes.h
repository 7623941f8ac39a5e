// SPDX-License-Identifier: Apache-2.0
// What the subprocess tests ask the system about: our children, our descriptors, whether a process is gone.
#pragma once

#include <cerrno>
#include <filesystem>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include <poll.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/descriptor.h"
#include "net/subprocess.h"

namespace rm::net {

/// A command with a plain PATH and times that no busy machine reaches.
inline Command command(std::vector<std::string> argv) {
    Command command;
    command.argv = std::move(argv);
    command.environment = {{"PATH", "/usr/bin:/bin"}};
    command.deadline = std::chrono::minutes(2);
    command.grace = std::chrono::minutes(2);
    return command;
}

inline Command shell(std::string script) {
    return command({"/bin/sh", "-c", std::move(script)});
}

/// Whether this process has a child, running or dead.
inline bool have_children() {
    siginfo_t info{};
    return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

inline std::ptrdiff_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
}

inline bool running(pid_t pid) {
    const Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    pollfd exit{process.get(), POLLIN, 0};
    return process.open() && ::poll(&exit, 1, 0) == 0;
}

/// Waits, for long if need be, until `pid` has ended.
inline bool ends(pid_t pid) {
    const Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!process.open()) return errno == ESRCH;
    pollfd exit{process.get(), POLLIN, 0};
    return ::poll(&exit, 1, 30'000) == 1;
}

/// Runs `body` in a copy of this process, for what can't be undone; its result, or -1.
inline int in_a_fork(const std::function<int()>& body) {
    const pid_t pid = ::fork();
    if (pid == 0) ::_exit(body());
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace rm::net
