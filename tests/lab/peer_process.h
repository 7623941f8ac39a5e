// SPDX-License-Identifier: Apache-2.0
// PeerProcess: a real program that a test needs beside it. Started by the lab's keeper, never by the test
// itself, so that it ends with the test however that ends: by return, by a failed assertion, by SIGKILL. It
// gets only the environment it is given, /dev/null as stdin, and a log file for what it prints.
//
//     auto peer = PeerProcess::start({.name = "redis", .argv = {"redis-server", "--port", "0"}, ...});
//     Status up = peer->wait_ready([&] { return answers(); }, 10s);   // an error ends with the tail of its
//     log
//
// Movable; the destructor stops it. One thread at a time.
#pragma once

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "core/duration.h"
#include "core/result.h"

namespace rm::lab {

class Space;

struct Program {
    /// For messages and the log's name: "prometheus".
    std::string name;
    /// The program, by absolute path or to be found with `find_program`, and its arguments.
    std::vector<std::string> argv;
    /// "NAME=value"; PATH and HOME are given if you don't.
    std::vector<std::string> environment = {};
    /// Runs as this user (only root can); as ourselves if empty.
    std::string user = {};
    std::filesystem::path directory = {};
    /// The namespaces to run in; the test's own if null. Must outlive the process.
    const Space* inside = nullptr;
};

class PeerProcess {
public:
    static Result<PeerProcess> start(const Program& program);

    PeerProcess(PeerProcess&&) noexcept;
    PeerProcess& operator=(PeerProcess&&) noexcept;
    PeerProcess(const PeerProcess&) = delete;
    PeerProcess& operator=(const PeerProcess&) = delete;
    ~PeerProcess();

    /// Asks every few milliseconds until `ready`. An error, with the tail of the log, when the program ends
    /// before that or the deadline is over; then it still has to be stopped.
    Status wait_ready(const std::function<bool()>& ready, Duration deadline = std::chrono::seconds(30)) const;

    [[nodiscard]] bool running() const;
    /// With SIGSTOP it returns when the whole process stands.
    Status signal(int number) const;

    /// Waits for its end. "exited 0", "killed 9"; `timeout` when it still runs.
    Result<std::string> wait(Duration deadline) const;

    /// SIGTERM (or `number`), and SIGKILL when it is not gone after `grace`; then whatever is left of its
    /// process group. Stopping what has ended already does nothing.
    void stop(Duration grace = std::chrono::seconds(5), int number = SIGTERM);

    [[nodiscard]] pid_t pid() const;
    [[nodiscard]] const std::filesystem::path& log_file() const;
    /// The last lines of its log.
    [[nodiscard]] std::string log_tail(std::size_t bytes = 2000) const;

private:
    struct State;
    explicit PeerProcess(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

struct Output {
    int exit_code = 0;
    std::string text;  // stdout and stderr as they came
};

/// Runs a program to its end. An error when it can't be started, is killed by a signal or takes longer than
/// `deadline`.
Result<Output> run_program(const Program& program, Duration deadline = std::chrono::minutes(1));

/// The same, and an error with its output when the exit code is not 0.
Result<std::string> run_well(const Program& program, Duration deadline = std::chrono::minutes(1));

/// The absolute path of an installed program, looked for where Debian installs programs and not in $PATH, so
/// that every machine runs the same ones. Empty if there is none.
std::filesystem::path find_program(std::string_view name);

/// The PATH given to programs, and searched by `find_program`.
inline constexpr std::string_view program_path =
    "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin";

}  // namespace rm::lab
