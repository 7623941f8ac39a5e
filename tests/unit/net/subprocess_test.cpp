// SPDX-License-Identifier: Apache-2.0
// What a program is given and what is learned from it. How it is ended: subprocess_follow_test.cpp; that
// nothing of ours leaks into it and nothing of it stays: subprocess_start_test.cpp.
#include "net/subprocess.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/net/processes.h"

namespace rm::net {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class Subprocess : public testing::Test {
protected:
    void SetUp() override { fs::create_directories(folder); }
    void TearDown() override {
        EXPECT_FALSE(have_children());
        fs::remove_all(folder);
    }

    [[nodiscard]] std::string script(const std::string& text) const {
        const fs::path file = folder / "script";
        std::ofstream(file) << text;
        fs::permissions(file, fs::perms::owner_all);
        return file;
    }

    fs::path folder = fs::path(testing::TempDir()) / ("subprocess_" + std::to_string(::getpid()));
};

Error error_of(const Command& command) {
    const auto outcome = run(command, {});
    return outcome ? Error{ErrorCode::internal, "it ran"} : outcome.error();
}

TEST_F(Subprocess, the_exit_code_is_reported) {
    for (const int code : {0, 1, 42, 255}) {
        const auto outcome = run(shell("exit " + std::to_string(code)), {});
        ASSERT_TRUE(outcome) << outcome.error().message;
        EXPECT_EQ(outcome->exit_code, code);
        EXPECT_EQ(outcome->signal, std::nullopt);
        EXPECT_FALSE(outcome->timed_out || outcome->cancelled || outcome->truncated);
    }
}

TEST_F(Subprocess, death_by_a_signal_is_not_an_exit_code) {
    const auto outcome = run(shell("kill -SEGV $$"), {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->exit_code, std::nullopt);
    EXPECT_EQ(outcome->signal, SIGSEGV);
}

TEST_F(Subprocess, arguments_pass_untouched) {
    const std::vector<std::string> odd{
        "two words", "\"quoted\" 'twice'", "new\nline", "", "$HOME `id` \\ *", "-n", "\xff\xfe"};
    auto wanted = command({"printf", "%s|"});
    wanted.argv.insert(wanted.argv.end(), odd.begin(), odd.end());
    const auto outcome = run(wanted, {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    std::string expected;
    for (const std::string& argument : odd) expected += argument + "|";
    EXPECT_EQ(outcome->out, expected);
}

TEST_F(Subprocess, the_environment_is_exactly_what_was_given) {
    ::setenv("RM_TEST_TOKEN", "secret", 1);
    auto wanted = command({"/usr/bin/env", "-0"});
    wanted.environment = {{"LANG", "C"}, {"ODD", "a=b\n\"c\""}, {"EMPTY", ""}};
    const auto outcome = run(wanted, {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->out, "EMPTY=\0LANG=C\0ODD=a=b\n\"c\"\0"s);
}

TEST_F(Subprocess, an_empty_environment_is_possible) {
    auto wanted = command({"/usr/bin/env"});
    wanted.environment.clear();
    const auto outcome = run(wanted, {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->out, "");
}

TEST_F(Subprocess, stdin_is_empty) {
    const auto outcome = run(command({"wc", "-c"}), {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->out, "0\n");
}

TEST_F(Subprocess, it_runs_in_the_directory_asked_for) {
    auto wanted = command({"/bin/pwd"});
    wanted.directory = fs::canonical(folder);
    const auto outcome = run(wanted, {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->out, fs::canonical(folder).string() + "\n");
}

TEST_F(Subprocess, a_directory_that_is_not_there_is_named) {
    auto wanted = command({"/bin/pwd"});
    wanted.directory = folder / "nowhere";
    const Error error = error_of(wanted);
    EXPECT_EQ(error.code, ErrorCode::not_found);
    EXPECT_THAT(error.message, HasSubstr("'/bin/pwd'"));
    EXPECT_THAT(error.message, HasSubstr("nowhere'"));
}

TEST_F(Subprocess, stdout_and_stderr_are_kept_apart) {
    const auto outcome = run(shell("echo one; echo two >&2; echo three"), {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->out, "one\nthree\n");
    EXPECT_EQ(outcome->err, "two\n");
}

TEST_F(Subprocess, lines_arrive_with_their_stream_and_the_last_one_without_newline_too) {
    std::vector<std::string> out;
    std::vector<std::string> err;
    auto wanted = shell("echo first; echo wrong >&2; printf last");
    wanted.on_line = [&](Stream stream, std::string_view line) {
        (stream == Stream::out ? out : err).emplace_back(line);
    };
    ASSERT_TRUE(run(wanted, {}));
    EXPECT_THAT(out, ElementsAre("first", "last"));
    EXPECT_THAT(err, ElementsAre("wrong"));
}

TEST_F(Subprocess, lines_arrive_while_it_runs) {
    // The program goes on only after its first line was delivered.
    const fs::path go = folder / "go";
    auto wanted = shell("echo ready; until [ -e " + go.string() + " ]; do sleep 0.01; done; echo gone on");
    wanted.on_line = [&](Stream, std::string_view line) {
        if (line == "ready") std::ofstream(go) << "go";
    };
    const auto outcome = run(wanted, {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->out, "ready\ngone on\n");
    EXPECT_EQ(outcome->exit_code, 0);
}

TEST_F(Subprocess, a_program_that_closes_its_output_early_is_waited_for) {
    const auto outcome = run(shell("echo before; exec >&- 2>&-; sleep 0.1; exit 6"), {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->out, "before\n");
    EXPECT_EQ(outcome->exit_code, 6);
}

TEST_F(Subprocess, all_output_is_there_when_it_ends_at_once) {
    for (int i = 0; i < 20; ++i) {
        const auto outcome = run(command({"head", "-c", "65536", "/dev/zero"}), {});
        ASSERT_TRUE(outcome) << outcome.error().message;
        ASSERT_EQ(outcome->out.size(), 65536U);
    }
}

TEST_F(Subprocess, what_does_not_exist_or_cannot_run_is_an_error_that_says_why) {
    EXPECT_EQ(error_of(command({"no-such-program"})).code, ErrorCode::not_found);
    EXPECT_EQ(error_of(command({"/no/such/program"})).code, ErrorCode::not_found);
    EXPECT_EQ(error_of(command({"/etc/passwd"})).code, ErrorCode::permission);
    EXPECT_EQ(error_of(command({})).code, ErrorCode::invalid);
    EXPECT_EQ(error_of(command({""})).code, ErrorCode::invalid);
}

TEST_F(Subprocess, a_script_without_first_line_is_explained) {
    const Error error = error_of(command({script("echo hello\n")}));
    EXPECT_EQ(error.code, ErrorCode::invalid);
    EXPECT_THAT(error.message, HasSubstr("#!/bin/sh"));
}

TEST_F(Subprocess, a_missing_interpreter_is_explained) {
    const Error error = error_of(command({script("#!/no/such/interpreter\n")}));
    EXPECT_EQ(error.code, ErrorCode::not_found);
    EXPECT_THAT(error.message, HasSubstr("interpreter"));
}

TEST_F(Subprocess, arguments_beyond_what_the_system_takes_are_an_error) {
    const Error error = error_of(command({"/bin/echo", std::string(4 << 20, 'x')}));
    EXPECT_EQ(error.code, ErrorCode::too_large);
}

TEST_F(Subprocess, what_cannot_be_passed_on_is_refused) {
    EXPECT_EQ(error_of(command({"/bin/echo", "a\0b"s})).code, ErrorCode::invalid);
    auto wanted = command({"/bin/echo"});
    wanted.environment["A=B"] = "c";
    EXPECT_EQ(error_of(wanted).code, ErrorCode::invalid);
    wanted.environment = {{"A", "b\0c"s}};
    EXPECT_EQ(error_of(wanted).code, ErrorCode::invalid);
    wanted.environment = {};
    wanted.deadline = Duration::zero();
    EXPECT_EQ(error_of(wanted).code, ErrorCode::invalid);
}

TEST_F(Subprocess, a_deadline_beyond_all_time_is_none) {
    auto wanted = command({"/bin/true"});
    wanted.deadline = Duration::max();
    wanted.grace = Duration::max();
    EXPECT_TRUE(run(wanted, {}));
}

/// The error for an outcome that `change` makes out of a success.
Error error_after(const std::function<void(Outcome&)>& change) {
    Command ls = command({"ls"});
    ls.deadline = std::chrono::seconds(30);
    Outcome outcome;
    outcome.exit_code = 0;
    outcome.took = Duration(1500);
    change(outcome);
    const auto status = succeeded(ls, outcome);
    return status ? Error{ErrorCode::internal, "a success"} : status.error();
}

TEST(Succeeded, exit_code_0_is_a_success) {
    EXPECT_EQ(error_after([](Outcome&) {}).message, "a success");
}

TEST(Succeeded, another_exit_code_is_an_error_with_the_last_words) {
    const Error error = error_after([](Outcome& outcome) {
        outcome.exit_code = 2;
        outcome.err = "hint\nno such file\n";
    });
    EXPECT_EQ(error.code, ErrorCode::io);
    EXPECT_EQ(error.message, "'ls' failed with exit code 2 after 1s500ms, its last words: 'no such file'");
}

TEST(Succeeded, death_by_a_signal_is_an_error_that_names_it) {
    const Error error = error_after([](Outcome& outcome) {
        outcome.exit_code = std::nullopt;
        outcome.signal = SIGSEGV;
    });
    EXPECT_EQ(error.code, ErrorCode::io);
    EXPECT_EQ(error.message, "'ls' was ended by SIGSEGV after 1s500ms");
}

TEST(Succeeded, a_deadline_and_a_cancellation_have_their_own_codes) {
    const Error late = error_after([](Outcome& outcome) {
        outcome.timed_out = true;
        outcome.took = Duration(30'004);
    });
    EXPECT_EQ(late.code, ErrorCode::timeout);
    EXPECT_EQ(late.message, "'ls' was stopped after 30s4ms, its deadline is 30s");
    const Error stopped = error_after([](Outcome& outcome) { outcome.cancelled = true; });
    EXPECT_EQ(stopped.code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace rm::net
