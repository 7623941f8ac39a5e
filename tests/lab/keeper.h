// SPDX-License-Identifier: Apache-2.0
// The test's end of the keeper (keeper/main.cpp), which is started at first use: one keeper, one lab and one
// folder for each test process. Thread-safe.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "core/descriptor.h"
#include "core/result.h"

namespace rm::lab {

/// What the keeper started: its number there, its pid here, and a handle that stays right when the pid comes
/// back.
struct Kept {
    int lab = 0;     // which of this process's labs
    int number = 0;  // in that lab
    pid_t pid = 0;
    Descriptor pidfd;
};

struct KeeperStart {
    std::vector<std::string> argv;  // the program by absolute path
    std::vector<std::string> environment;
    std::string user;
    std::filesystem::path directory;
    std::filesystem::path log;
    std::optional<int> space;  // the number of a space
};

Result<Kept> start_kept(const KeeperStart& start);
Result<Kept> open_kept_space();

/// "running", "exited 3", "killed 9".
Result<std::string> kept_state(const Kept& kept);

/// The lab's folder. Its last part is the lab's name, which is also that of its cgroup folders.
Result<std::filesystem::path> lab_folder();

/// Names in the lab that were not given before: `rm-lab-AbC123.7` for a cgroup folder, `7-prometheus` in the
/// lab's folder for a folder, which is made, and for a file, which isn't.
Result<std::string> new_cgroup_name();
Result<std::filesystem::path> new_folder(const std::string& name);
Result<std::filesystem::path> new_file(const std::string& name);

/// Waits until the process has ended; false when `deadline` is over first.
bool wait_ended(const Kept& kept, std::chrono::milliseconds deadline);

/// Ends the lab: everything started is killed and removed when this returns. The next use begins a new one.
/// Done by itself at exit.
void close_lab();

}  // namespace rm::lab
