// SPDX-License-Identifier: Apache-2.0
// Whatever happens to a test process, nothing of its lab is left.
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/lab/keeper.h"
#include "tests/lab/machine.h"
#include "tests/lab/require.h"
#include "tests/lab/traces.h"

namespace rm::lab {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

/// victim.cpp in a process of its own, with its lab up.
class Victim {
public:
    Victim() {
        std::array<int, 2> report{};
        if (::pipe2(report.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
        const Descriptor reading(report[0]);
        Descriptor writing(report[1]);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, writing.get(), STDOUT_FILENO);
        std::string program = RM_LAB_VICTIM;
        std::array<char*, 2> argv{program.data(), nullptr};
        const int wrong = ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), environ);
        ::posix_spawn_file_actions_destroy(&actions);
        if (wrong != 0) throw std::runtime_error("cannot start " + program);
        writing.close();
        char letter = 0;
        while (::read(reading.get(), &letter, 1) == 1 && letter != '\n') lab_ += letter;
        if (lab_.empty()) throw std::runtime_error("the victim built no lab");
    }
    Victim(const Victim&) = delete;
    Victim& operator=(const Victim&) = delete;
    Victim(Victim&&) = delete;
    Victim& operator=(Victim&&) = delete;
    ~Victim() { kill(); }

    void kill() {
        if (pid_ == 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }

    [[nodiscard]] const std::string& lab() const { return lab_; }

private:
    pid_t pid_ = 0;
    std::string lab_;
};

/// The process that is named like the lab and not in a space.
pid_t keeper_of(const std::string& lab) {
    std::error_code gone;
    const fs::path our_space = fs::read_symlink("/proc/self/ns/pid");
    for (const auto& entry : fs::directory_iterator("/proc", gone)) {
        const std::string pid = entry.path().filename();
        if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
        std::ifstream file(entry.path() / "comm");
        std::string name;
        std::getline(file, name);
        if (name == lab && fs::read_symlink(entry.path() / "ns/pid", gone) == our_space)
            return std::stoi(pid);
    }
    return 0;
}

bool is_folder(const std::string& trace) {
    return trace.find("folder: ") != std::string::npos;
}

TEST(Killed, a_test_that_is_killed_leaves_nothing) {
    RM_LAB_REQUIRE(engine, compose);
    const auto before = machine_now();
    Victim victim;
    const Traces up = traces(victim.lab());
    EXPECT_THAT(up, Contains(HasSubstr("runs: /w")));
    EXPECT_THAT(up, Contains(HasSubstr("dockerd")));
    EXPECT_THAT(up, Contains(HasSubstr("sleep 1000")));
    EXPECT_THAT(up, Contains(HasSubstr("cgroup folder")));

    const auto killed = steady_clock::now();
    victim.kill();

    EXPECT_THAT(left_of(victim.lab()), IsEmpty());
    const std::chrono::duration<double> took = steady_clock::now() - killed;
    fmt::print("    {} traces gone {:.2f} s after SIGKILL\n", up.size(), took.count());
    EXPECT_THAT(new_since(before), IsEmpty());
}

TEST(Killed, when_the_keeper_is_killed_too_all_processes_end_and_the_next_lab_removes_the_folders) {
    RM_LAB_REQUIRE(engine, compose);
    const auto before = machine_now();
    Victim victim;
    const pid_t keeper = keeper_of(victim.lab());
    ASSERT_NE(keeper, 0);

    ::kill(keeper, SIGKILL);
    victim.kill();

    const Traces rest =
        traces_when(victim.lab(), [](const Traces& all) { return std::ranges::all_of(all, is_folder); });
    EXPECT_TRUE(std::ranges::all_of(rest, is_folder)) << testing::PrintToString(rest);
    EXPECT_THAT(rest, Contains("folder: " + (labs_folder() / victim.lab()).string()));
    close_lab();
    must(lab_folder());
    EXPECT_THAT(left_of(victim.lab()), IsEmpty());
    EXPECT_THAT(new_since(before), IsEmpty());
}

TEST(Killed, a_folder_that_is_not_provably_a_dead_lab_is_left_alone) {
    const fs::path stranger = labs_folder() / fmt::format("{}stranger", lab_prefix);
    fs::create_directory(stranger);
    const std::string living = must(lab_folder()).filename();

    sweep_dead_labs(labs_folder());

    EXPECT_TRUE(fs::exists(stranger)) << "it has no lock file, so it may be anybody's";
    EXPECT_TRUE(fs::exists(labs_folder() / living)) << "its keeper lives";
    fs::remove(stranger);
}

}  // namespace
}  // namespace rm::lab
