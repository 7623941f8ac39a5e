// SPDX-License-Identifier: Apache-2.0
// The real program as a test sees it: a process with arguments, a configuration file and an environment,
// whose lines are collected and whose exit is awaited. It ends with the test.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "net/subprocess.h"

namespace rm::e2e {

/// A directory of its own for one test, removed with it.
class TemporaryDirectory {
public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    TemporaryDirectory(TemporaryDirectory&&) = delete;
    TemporaryDirectory& operator=(TemporaryDirectory&&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    /// Writes a file in it and gives its path.
    [[nodiscard]] std::string file(const std::string& name, const std::string& text) const;

private:
    std::filesystem::path path_;
};

/// Runs the program to its end.
net::Outcome resource_manager(const std::vector<std::string>& arguments, net::Environment environment = {});

class DaemonProcess {
public:
    /// Starts `resource-manager run` in `directory` with a free port and these arguments behind. `through` is
    /// a program with arguments that becomes the daemon in the end.
    explicit DaemonProcess(const std::filesystem::path& directory,
                           const std::vector<std::string>& arguments = {},
                           const net::Environment& environment = {},
                           const std::vector<std::string>& through = {});
    ~DaemonProcess();
    DaemonProcess(const DaemonProcess&) = delete;
    DaemonProcess& operator=(const DaemonProcess&) = delete;
    DaemonProcess(DaemonProcess&&) = delete;
    DaemonProcess& operator=(DaemonProcess&&) = delete;

    /// The first line, from the `from`-th on, that holds `text`; an empty one, and a failed test, when that
    /// takes too long.
    std::string wait_for_line(const std::string& text, std::size_t from = 0,
                              Duration patience = std::chrono::seconds(10));

    /// All lines so far.
    [[nodiscard]] std::vector<std::string> lines() const;

    int pid();
    int port();
    [[nodiscard]] std::string url(const std::string& target);

    void signal(int number);

    /// How it ended; waits for it.
    net::Outcome wait();

private:
    std::thread thread_;
    std::stop_source stop_;
    std::promise<net::Outcome> ended_;
    std::shared_future<net::Outcome> outcome_;
    mutable std::mutex mutex_;
    std::condition_variable news_;
    std::vector<std::string> lines_;
};

}  // namespace rm::e2e
