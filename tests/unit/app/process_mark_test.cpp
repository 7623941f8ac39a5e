// SPDX-License-Identifier: Apache-2.0
#include "app/process_mark.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rm::app {
namespace {

/// The mark that a child of ours would have, and the child, which ends with `end_child`.
pid_t start_child(std::string& mark) {
    std::array<int, 2> way{};
    EXPECT_EQ(pipe(way.data()), 0);
    const pid_t child = fork();
    if (child == 0) {
        const std::string own = process_mark();
        static_cast<void>(write(way[1], own.data(), own.size()) < 0);
        close(way[1]);
        pause();
        _exit(0);
    }
    close(way[1]);
    std::array<char, 500> buffer{};
    const auto size = read(way[0], buffer.data(), buffer.size());
    close(way[0]);
    mark.assign(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    return child;
}

void end_child(pid_t child) {
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
}

TEST(ProcessMark, of_a_process_that_lives_is_not_taken_for_one_that_ended) {
    EXPECT_FALSE(process_mark().empty());
    EXPECT_EQ(process_mark(), process_mark());
    EXPECT_FALSE(has_ended(process_mark()));
}

TEST(ProcessMark, tells_when_its_process_was_killed) {
    std::string mark;
    const pid_t child = start_child(mark);
    EXPECT_NE(mark, process_mark());
    EXPECT_FALSE(has_ended(mark));
    end_child(child);
    EXPECT_TRUE(has_ended(mark));
}

TEST(ProcessMark, a_later_process_with_the_same_number_is_another_one) {
    const std::string mark = process_mark();
    EXPECT_TRUE(has_ended(mark.substr(0, mark.rfind('/')) + "/1"));
}

TEST(ProcessMark, of_what_runs_elsewhere_nothing_is_known) {
    std::string mark;
    end_child(start_child(mark));
    ASSERT_TRUE(has_ended(mark));
    std::string other_boot = mark;
    other_boot.front() = other_boot.front() == '0' ? '1' : '0';
    EXPECT_FALSE(has_ended(other_boot));
    std::string other_space = mark;
    other_space[mark.find(']') - 1] ^= 1;
    EXPECT_FALSE(has_ended(other_space));
}

TEST(ProcessMark, what_is_no_mark_tells_nothing) {
    const std::string mark = process_mark();
    const std::string where = mark.substr(0, mark.rfind('/', mark.rfind('/') - 1));
    for (const std::string& text :
         {std::string(), std::string("/"), std::string("host:1 (f00)"), where, where + "/", where + "//",
          where + "/-1/5", where + "/0/5", where + "/x/5", where + "/99999999999/5"})
        EXPECT_FALSE(has_ended(text)) << text;
}

}  // namespace
}  // namespace rm::app
