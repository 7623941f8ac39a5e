// SPDX-License-Identifier: Apache-2.0
// Between us and the program: nothing of ours leaks into it, nothing of it stays, many threads at once.
#include "net/subprocess_start.h"

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "tests/unit/net/processes.h"

namespace rm::net {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class SubprocessStart : public testing::Test {
protected:
    void TearDown() override {
        EXPECT_FALSE(have_children());
        EXPECT_EQ(open_descriptors(), descriptors_before);
    }

    std::ptrdiff_t descriptors_before = open_descriptors();
};

TEST_F(SubprocessStart, our_descriptors_are_not_inherited) {
    const fs::path file = fs::path(testing::TempDir()) / ("inherited_" + std::to_string(::getpid()));
    std::vector<Descriptor> ours;
    ours.reserve(11);
    for (int i = 0; i < 10; ++i) ours.emplace_back(::open(file.c_str(), O_CREAT | O_RDWR, 0600));
    ours.emplace_back(::fcntl(ours.back().get(), F_DUPFD, 700));
    ASSERT_TRUE(ours.back().open());
    // 3 is the folder that ls itself has open.
    const auto outcome = run(command({"ls", "/proc/self/fd"}), {});
    const auto named = run(command({"ls", "-l", "/proc/self/fd"}), {});
    fs::remove(file);
    ASSERT_TRUE(outcome && named);
    EXPECT_EQ(outcome->out, "0\n1\n2\n3\n");
    EXPECT_THAT(named->out, Not(HasSubstr(file.filename().string())));
}

TEST_F(SubprocessStart, blocked_and_ignored_signals_are_not_inherited) {
    sigset_t blocked;
    sigset_t before;
    sigemptyset(&blocked);
    for (const int signal : {SIGTERM, SIGHUP, SIGCHLD, SIGUSR1}) sigaddset(&blocked, signal);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGINT, SIG_IGN);
    const auto outcome = run(command({"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"}), {});
    sigset_t after;
    ::pthread_sigmask(SIG_SETMASK, &before, &after);
    ::signal(SIGPIPE, SIG_DFL);
    ::signal(SIGINT, SIG_DFL);
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->out, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
    EXPECT_EQ(sigismember(&after, SIGTERM), 1) << "ours stay as they were";
    EXPECT_EQ(sigismember(&after, SIGUSR2), 0);
}

TEST_F(SubprocessStart, it_leads_a_process_group_of_its_own) {
    const auto outcome = run(shell("cut -d ' ' -f 5 /proc/$$/stat; echo $$"), {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    const auto newline = outcome->out.find('\n');
    EXPECT_EQ(outcome->out.substr(0, newline + 1), outcome->out.substr(newline + 1));
}

TEST_F(SubprocessStart, exit_codes_are_known_even_if_SIGCHLD_was_ignored) {
    ::signal(SIGCHLD, SIG_IGN);
    const auto outcome = run(shell("exit 7"), {});
    ::signal(SIGCHLD, SIG_DFL);
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->exit_code, 7);
}

TEST_F(SubprocessStart, an_exit_code_that_somebody_else_took_is_an_error) {
    auto wanted = shell("echo running");
    wanted.on_line = [](Stream, std::string_view) { ::waitpid(-1, nullptr, 0); };
    const auto outcome = run(wanted, {});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::internal);
    EXPECT_THAT(outcome.error().message, HasSubstr("exit code is lost"));
}

TEST_F(SubprocessStart, it_works_with_our_own_stdin_stdout_and_stderr_closed) {
    const int result = in_a_fork([] {
        for (const int fd : {0, 1, 2}) ::close(fd);
        const auto outcome = run(shell("echo out; echo err >&2; cat; exit 9"), {});
        const auto missing = run(command({"/etc/passwd"}), {});
        return outcome && !missing && outcome->out == "out\n" && outcome->err == "err\n" ? *outcome->exit_code
                                                                                         : 1;
    });
    EXPECT_EQ(result, 9);
}

TEST_F(SubprocessStart, two_hundred_runs_leave_nothing) {
    for (int i = 0; i < 200; ++i) {
        const auto outcome = run(command({i % 2 == 0 ? "/bin/true" : "/etc/passwd"}), {});
        ASSERT_EQ(outcome.has_value(), i % 2 == 0);
    }
}

TEST_F(SubprocessStart, a_program_that_cannot_be_executed_leaves_no_zombie) {
    const fs::path file = fs::path(testing::TempDir()) / ("not_a_program_" + std::to_string(::getpid()));
    std::ofstream(file) << "neither ELF nor script";
    fs::permissions(file, fs::perms::owner_all);
    for (int i = 0; i < 50; ++i) {
        EXPECT_FALSE(run(command({file}), {}));
        ASSERT_FALSE(have_children());
    }
    fs::remove(file);
}

TEST_F(SubprocessStart, as_the_first_process_of_a_container_we_collect_orphans_of_the_group) {
    ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    const auto outcome = run(shell("sleep 300 & sleep 300 & exit 0"), {});
    ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
    EXPECT_TRUE(outcome);
    EXPECT_FALSE(have_children());
}

TEST_F(SubprocessStart, running_out_of_descriptors_at_any_point_is_an_error_that_leaves_nothing) {
    // The behaviour sanitizer needs a pipe to look at each type that it meets for the first time.
    ASSERT_TRUE(run(command({"/bin/true"}), {}));
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    int refused = 0;
    int ran = 0;
    for (rlim_t limit = 3; limit < 40; ++limit) {
        const rlimit tight{limit, before.rlim_max};
        ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
        const auto outcome = run(command({"/bin/true"}), {});
        ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
        ++(outcome ? ran : refused);
        if (!outcome) {
            EXPECT_EQ(outcome.error().code, ErrorCode::unavailable) << outcome.error().message;
        }
        ASSERT_FALSE(have_children()) << limit;
        ASSERT_EQ(open_descriptors(), descriptors_before) << limit;
    }
    EXPECT_GT(refused, 5);
    EXPECT_GT(ran, 5);
}

TEST_F(SubprocessStart, too_many_processes_is_an_error_that_may_pass) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root, to become a user without processes";
    const int result = in_a_fork([] {
        const rlimit none{0, 0};
        if (::setrlimit(RLIMIT_NPROC, &none) != 0 || ::setresuid(65533, 65533, 65533) != 0) return 1;
        const auto outcome = run(command({"/bin/true"}), {});
        return !outcome && outcome.error().code == ErrorCode::unavailable ? 0 : 2;
    });
    EXPECT_EQ(result, 0);
}

/// One run of a kind that depends on `i`; what was unexpected, or nothing.
std::string unexpected(int i) {
    const std::string id = std::to_string(i);
    switch (i % 5) {
        case 0: {
            const auto outcome = run(shell("exit " + id), {});
            return outcome && outcome->exit_code == i ? "" : "exit code";
        }
        case 1: {
            const auto outcome = run(shell("kill -USR1 $$"), {});
            return outcome && outcome->signal == SIGUSR1 ? "" : "signal";
        }
        case 2: {
            const auto outcome = run(command({"/etc/passwd"}), {});
            return !outcome && outcome.error().code == ErrorCode::permission ? "" : "error";
        }
        case 3: {
            auto wanted = command({"sleep", "300"});
            wanted.deadline = Duration(20);
            const auto outcome = run(wanted, {});
            return outcome && outcome->timed_out && outcome->signal == SIGTERM ? "" : "deadline";
        }
        default: {
            std::string heard;
            auto wanted = shell("echo " + id + "; head -c 200000 /dev/zero; echo err " + id + " >&2");
            wanted.on_line = [&](Stream, std::string_view line) {
                if (line.size() < 100) heard += line;
            };
            const auto outcome = run(wanted, {});
            const std::string all = id + "\n" + std::string(200'000, '\0');
            const bool right = outcome && outcome->out == all && outcome->err == "err " + id + "\n";
            return right && heard.find("err " + id) != std::string::npos ? "" : "output";
        }
    }
}

TEST_F(SubprocessStart, many_threads_run_programs_at_once) {
    std::array<std::vector<std::string>, 8> wrong;
    {
        std::vector<std::jthread> threads;
        threads.reserve(wrong.size());
        for (std::size_t t = 0; t < wrong.size(); ++t) {
            threads.emplace_back([&mine = wrong[t], t] {
                for (int i = 0; i < 25; ++i) {
                    const std::string what = unexpected(static_cast<int>(t) * 25 + i);
                    if (!what.empty()) mine.push_back(what);
                }
            });
        }
    }
    for (const auto& mine : wrong) EXPECT_THAT(mine, testing::IsEmpty());
}

}  // namespace
}  // namespace rm::net
