// SPDX-License-Identifier: Apache-2.0
// How a program is followed to its end: deadline, cancellation, floods of output, and those it leaves behind.
#include "net/subprocess_follow.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <latch>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/net/processes.h"

namespace rm::net {
namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

/// Far above what anything here takes, far below what the programs sleep for.
constexpr auto promptly = std::chrono::seconds(30);

/// Two processes that ignore SIGTERM; both print their process ids.
constexpr auto stubborn =
    R"(trap '' TERM; sh -c 'echo $$; while :; do sleep 300; done' & echo $$; while :; do sleep 300; done)";

class SubprocessEnd : public testing::Test {
protected:
    void TearDown() override { EXPECT_FALSE(have_children()); }
};

/// The figure `name` of this process in KiB, e.g. its peak of resident memory.
long memory(const std::string& name) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(name + ":")) return std::stol(line.substr(name.size() + 1));
    }
    return -1;
}

TEST_F(SubprocessEnd, at_the_deadline_it_is_told_to_end) {
    auto wanted = command({"sleep", "300"});
    wanted.deadline = Duration(100);
    const auto outcome = run(wanted, {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_TRUE(outcome->timed_out);
    EXPECT_FALSE(outcome->cancelled);
    EXPECT_EQ(outcome->signal, SIGTERM);
    EXPECT_GE(outcome->took, Duration(100));
    EXPECT_LT(outcome->took, promptly);
    EXPECT_EQ(succeeded(wanted, *outcome).error().code, ErrorCode::timeout);
}

TEST_F(SubprocessEnd, whoever_ignores_SIGTERM_is_killed_with_all_descendants) {
    std::vector<pid_t> pids;
    auto wanted = shell(stubborn);
    wanted.grace = Duration(50);
    wanted.on_line = [&](Stream, std::string_view line) { pids.push_back(std::stoi(std::string(line))); };
    Result<Outcome> outcome = Outcome{};
    // On a busy machine the deadline may pass before both ignore the signal.
    for (wanted.deadline = Duration(250); pids.size() != 2; wanted.deadline *= 2) {
        pids.clear();
        outcome = run(wanted, {});
        ASSERT_TRUE(outcome) << outcome.error().message;
        EXPECT_TRUE(outcome->timed_out);
        EXPECT_GE(outcome->took, wanted.deadline);
    }
    EXPECT_EQ(outcome->signal, SIGKILL);
    for (const pid_t pid : pids) EXPECT_TRUE(ends(pid)) << pid;
}

TEST_F(SubprocessEnd, when_cancelled_grandchildren_end_too) {
    std::stop_source stop;
    std::vector<pid_t> pids;
    auto wanted = shell(stubborn);
    wanted.grace = Duration(10);
    wanted.on_line = [&](Stream, std::string_view line) {
        pids.push_back(std::stoi(std::string(line)));
        if (pids.size() == 2) stop.request_stop();
    };
    const auto outcome = run(wanted, stop.get_token());
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_TRUE(outcome->cancelled);
    EXPECT_FALSE(outcome->timed_out);
    EXPECT_EQ(outcome->signal, SIGKILL);
    for (const pid_t pid : pids) EXPECT_TRUE(ends(pid)) << pid;
}

TEST_F(SubprocessEnd, another_thread_can_cancel_a_program_that_says_nothing) {
    std::stop_source stop;
    std::latch started(1);
    const std::jthread other([&] {
        started.wait();
        stop.request_stop();
    });
    auto wanted = shell("echo ready; exec sleep 300");
    wanted.on_line = [&](Stream, std::string_view) { started.count_down(); };
    const auto outcome = run(wanted, stop.get_token());
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_TRUE(outcome->cancelled);
    EXPECT_LT(outcome->took, promptly);
}

TEST_F(SubprocessEnd, who_cleans_up_on_SIGTERM_is_heard_to_the_end) {
    std::stop_source stop;
    auto wanted = shell("trap 'echo cleaning; echo done >&2; exit 5' TERM; echo ready; while :; do :; done");
    wanted.on_line = [&](Stream, std::string_view line) {
        if (line == "ready") stop.request_stop();
    };
    const auto outcome = run(wanted, stop.get_token());
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_TRUE(outcome->cancelled);
    EXPECT_EQ(outcome->exit_code, 5);
    EXPECT_EQ(outcome->out, "ready\ncleaning\n");
    EXPECT_EQ(outcome->err, "done\n");
}

TEST_F(SubprocessEnd, the_rest_of_a_group_has_its_grace_after_the_first_process_ended) {
    std::stop_source stop;
    // The background process takes longer to clean up than output is waited for otherwise.
    auto wanted =
        shell("(trap 'sleep 0.6; echo cleaned; exit 0' TERM; echo ready; while :; do :; done) & wait");
    wanted.on_line = [&](Stream, std::string_view line) {
        if (line == "ready") stop.request_stop();
    };
    const auto outcome = run(wanted, stop.get_token());
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->signal, SIGTERM);
    EXPECT_EQ(outcome->out, "ready\ncleaned\n");
}

TEST_F(SubprocessEnd, the_rest_of_a_group_has_its_grace_without_any_pipe_too) {
    const std::string name =
        (fs::path(testing::TempDir()) / ("group_" + std::to_string(::getpid()))).string();
    const fs::path silent = name + ".silent";
    const fs::path cleaned = name + ".cleaned";
    fs::remove(silent);
    fs::remove(cleaned);
    std::stop_source stop;
    // Once the background process has closed its pipes and the first one has ended, none is open.
    auto wanted = shell("(trap 'sleep 0.6; echo done >" + cleaned.string() +
                        "; exit 0' TERM; exec >/dev/null 2>&1; echo yes >" + silent.string() +
                        "; while :; do :; done) & until [ -s " + silent.string() +
                        " ]; do sleep 0.01; done; echo ready; wait");
    wanted.on_line = [&](Stream, std::string_view line) {
        if (line == "ready") stop.request_stop();
    };
    const auto before = Steady::now();
    const auto outcome = run(wanted, stop.get_token());
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->signal, SIGTERM);
    fs::remove(silent);
    EXPECT_TRUE(fs::remove(cleaned)) << "it was killed while it cleaned up";
    EXPECT_LT(Steady::now() - before, promptly) << "nobody waits for a group that is gone";
}

TEST_F(SubprocessEnd, the_rest_of_a_group_that_does_not_end_is_killed_after_its_grace) {
    std::stop_source stop;
    pid_t left = 0;
    auto wanted =
        shell("sh -c 'trap \"\" TERM; echo $$; exec >/dev/null 2>&1; while :; do sleep 300; done' & wait");
    wanted.grace = Duration(300);
    wanted.on_line = [&](Stream, std::string_view line) {
        left = std::stoi(std::string(line));
        stop.request_stop();
    };
    const auto before = Steady::now();
    const auto outcome = run(wanted, stop.get_token());
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_GE(Steady::now() - before, wanted.grace);
    EXPECT_TRUE(ends(left));
}

TEST_F(SubprocessEnd, with_a_stop_requested_before_nothing_is_started) {
    const std::stop_source stop;
    stop.request_stop();
    const auto outcome = run(command({"/bin/true"}), stop.get_token());
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::cancelled);
}

TEST_F(SubprocessEnd, a_program_that_ended_in_time_is_not_late_because_its_line_took_us_long) {
    auto wanted = shell("echo $$");
    bool heard_in_time = false;
    Result<Outcome> outcome = Outcome{};
    for (wanted.deadline = Duration(250); !heard_in_time; wanted.deadline *= 2) {
        const auto deadline = Steady::now() + wanted.deadline;
        wanted.on_line = [&](Stream, std::string_view line) {
            heard_in_time = Steady::now() < deadline;
            EXPECT_TRUE(ends(std::stoi(std::string(line))));
            std::this_thread::sleep_until(deadline + Duration(10));
        };
        outcome = run(wanted, {});
        ASSERT_TRUE(outcome) << outcome.error().message;
    }
    EXPECT_FALSE(outcome->timed_out);
    EXPECT_EQ(outcome->exit_code, 0);
}

TEST_F(SubprocessEnd, what_it_left_in_the_background_is_killed) {
    const auto outcome = run(shell("sleep 300 & echo $!; exit 3"), {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->exit_code, 3);
    EXPECT_FALSE(outcome->timed_out);
    EXPECT_LT(outcome->took, promptly);
    EXPECT_TRUE(ends(std::stoi(outcome->out)));
}

TEST_F(SubprocessEnd, a_daemon_that_holds_the_pipes_open_does_not_hold_us) {
    const fs::path ready = fs::path(testing::TempDir()) / ("daemon_" + std::to_string(::getpid()));
    // A session of its own, two forks away; the first process ends when the daemon is out of its group.
    auto wanted = shell("(setsid sh -c 'echo $$; echo ready >" + ready.string() +
                        "; exec sleep 300' &) ; until [ -s " + ready.string() + " ]; do sleep 0.01; done");
    const auto before = Steady::now();
    const auto outcome = run(wanted, {});
    EXPECT_LT(Steady::now() - before, promptly);
    fs::remove(ready);
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->exit_code, 0);
    const pid_t daemon = std::stoi(outcome->out);
    EXPECT_TRUE(running(daemon)) << "what made itself a daemon is left alone";
    ::kill(daemon, SIGKILL);
    EXPECT_TRUE(ends(daemon));
}

TEST_F(SubprocessEnd, a_gigabyte_of_output_is_read_in_bounded_memory) {
    auto wanted = command({"head", "-c", "1073741824", "/dev/zero"});
    std::size_t lines = 0;
    wanted.on_line = [&](Stream, std::string_view) { ++lines; };
    std::ofstream("/proc/self/clear_refs") << "5";  // forgets the peak so far
    const long before = memory("VmRSS");
    const auto outcome = run(wanted, {});
    const long peak = memory("VmHWM");
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->exit_code, 0) << "it was never blocked and never cut off";
    EXPECT_TRUE(outcome->truncated);
    EXPECT_EQ(outcome->out, std::string(wanted.output_cap, '\0'));
    EXPECT_EQ(lines, 1U);
    EXPECT_LT(peak - before, 32 * 1024) << "KiB above " << before;
    RecordProperty("took_ms", std::to_string(outcome->took.count()));
    RecordProperty("growth_kib", std::to_string(peak - before));
}

TEST_F(SubprocessEnd, a_flood_of_output_does_not_outlast_the_deadline) {
    auto wanted = command({"cat", "/dev/zero"});
    wanted.deadline = Duration(200);
    const auto outcome = run(wanted, {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_TRUE(outcome->timed_out);
    EXPECT_LT(outcome->took, promptly);
}

TEST_F(SubprocessEnd, an_exception_from_on_line_leaves_no_process) {
    pid_t pid = 0;
    auto wanted = shell(stubborn);
    wanted.on_line = [&](Stream, std::string_view line) {
        pid = std::stoi(std::string(line));
        throw std::runtime_error("no");
    };
    EXPECT_THROW(static_cast<void>(run(wanted, {})), std::runtime_error);
    EXPECT_TRUE(ends(pid));
}

TEST_F(SubprocessEnd, one_that_cannot_be_killed_is_an_error_and_not_a_hang) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root, to give up its rights over the program";
    std::stop_source stop;
    pid_t pid = 0;
    auto wanted = shell("echo $$; exec sleep 300");
    wanted.grace = Duration(0);
    wanted.on_line = [&](Stream, std::string_view line) {
        pid = std::stoi(std::string(line));
        ASSERT_EQ(::syscall(SYS_setresuid, 65534, 65534, 0), 0);  // of this thread only
        stop.request_stop();
    };
    const auto outcome = run(wanted, stop.get_token());
    ASSERT_EQ(::syscall(SYS_setresuid, 0, 0, 0), 0);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::io);
    EXPECT_NE(outcome.error().message.find(std::to_string(pid)), std::string::npos)
        << outcome.error().message;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
}

}  // namespace
}  // namespace rm::net
