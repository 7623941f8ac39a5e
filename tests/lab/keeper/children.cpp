// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/keeper/children.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rm::lab {

namespace {

namespace fs = std::filesystem;

/// The parent of a process, from the fields after its name, which may contain anything but ends with the last
/// ")".
pid_t parent_of(const fs::path& process) {
    std::ifstream file(process / "stat");
    std::string line;
    std::getline(file, line);
    const auto end = line.rfind(')');
    if (end == std::string::npos || end + 4 > line.size()) return -1;
    return static_cast<pid_t>(std::strtol(line.c_str() + end + 4, nullptr, 10));
}

void kill_own_children() {
    std::error_code ignored;
    const pid_t us = ::getpid();
    for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
        const std::string pid = entry.path().filename().string();
        if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
        if (parent_of(entry.path()) == us) ::kill(static_cast<pid_t>(std::stol(pid)), SIGKILL);
    }
}

std::string describe(int status) {
    if (WIFEXITED(status)) return fmt::format("exited {}", WEXITSTATUS(status));
    return fmt::format("killed {}", WTERMSIG(status));
}

}  // namespace

Result<Started> Children::keep(pid_t pid, Child child) {
    child.pid = pid;
    // Safe from pids that come back: the process can't be gone for good before we bury it.
    child.pidfd = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U)));
    Started started{
        .number = ++last_, .pid = pid, .pidfd = Descriptor(::fcntl(child.pidfd.get(), F_DUPFD_CLOEXEC, 0))};
    if (!started.pidfd.open()) {
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        return system_failure("open a pidfd");
    }
    children_.emplace(last_, std::move(child));
    return started;
}

Result<Started> Children::start(const Launch& launch) {
    auto pid = start_program(launch);
    if (!pid) return fail(pid.error());
    return keep(*pid, {});
}

Result<Started> Children::open_space() {
    std::array<int, 2> lifeline{};
    if (::pipe2(lifeline.data(), O_CLOEXEC) != 0) return system_failure("make a pipe");
    const Descriptor theirs(lifeline[0]);
    Child child;
    child.lifeline = Descriptor(lifeline[1]);
    child.is_space = true;
    auto pid = start_space(theirs.get());
    if (!pid) return fail(pid.error());
    return keep(*pid, std::move(child));
}

Result<int> Children::space(int number) const {
    const auto found = children_.find(number);
    if (found == children_.end() || !found->second.is_space || !found->second.ended.empty())
        return fail(ErrorCode::not_found, "the space to start in is closed");
    return found->second.pidfd.get();
}

void Children::reap() {
    siginfo_t about{};
    while (::waitid(P_ALL, 0, &about, WEXITED | WNOHANG | WNOWAIT) == 0 && about.si_pid > 0) {
        const pid_t pid = about.si_pid;
        about.si_pid = 0;
        for (auto& [number, child] : children_) {
            if (child.pid != pid || !child.ended.empty()) continue;
            ::kill(-pid, SIGKILL);
            int status = 0;
            ::waitpid(pid, &status, 0);
            child.ended = describe(status);
        }
        ::waitpid(pid, nullptr, WNOHANG);  // adopted ones, and a no-op for ours
    }
}

Result<std::string> Children::state(int number) const {
    const auto found = children_.find(number);
    if (found == children_.end())
        return fail(ErrorCode::not_found, "the keeper did not start number {}", number);
    return found->second.ended.empty() ? std::string("running") : found->second.ended;
}

void Children::end_all() {
    constexpr auto pause = std::chrono::milliseconds(2);
    constexpr auto patience = std::chrono::seconds(20);
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (const auto& [number, child] : children_)
        if (child.ended.empty() && ::kill(-child.pid, SIGKILL) != 0) ::kill(child.pid, SIGKILL);
    // Orphans of the killed become ours, so look again until nobody is left.
    while (std::chrono::steady_clock::now() < deadline) {
        kill_own_children();
        reap();
        siginfo_t about{};
        if (::waitid(P_ALL, 0, &about, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD) return;
        std::this_thread::sleep_for(pause);
    }
}

}  // namespace rm::lab
