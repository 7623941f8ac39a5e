// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/store/child_process.h"

#include <array>
#include <csignal>
#include <utility>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rm::store {

ChildProcess::ChildProcess(std::vector<std::string> command) {
    std::array<int, 2> ends = {};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        ADD_FAILURE() << "no pipe";
        return;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::vector<char*> argv;
    argv.reserve(command.size() + 1);
    for (std::string& word : command) argv.push_back(word.data());
    argv.push_back(nullptr);
    const int error = posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    EXPECT_EQ(error, 0) << command[0];
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    output_ = fdopen(ends[0], "r");
}

ChildProcess::~ChildProcess() {
    kill();
    if (output_ != nullptr) std::fclose(output_);
}

std::string ChildProcess::line() {
    std::string text;
    for (int c = std::fgetc(output_); c != EOF && c != '\n'; c = std::fgetc(output_))
        text += static_cast<char>(c);
    return text;
}

std::vector<std::string> ChildProcess::kill() {
    std::vector<std::string> rest;
    if (pid_ <= 0) return rest;
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
    for (std::string text = line(); !text.empty(); text = line()) rest.push_back(text);
    return rest;
}

std::string first_line(std::vector<std::string> command) {
    return ChildProcess(std::move(command)).line();
}

}  // namespace rm::store
