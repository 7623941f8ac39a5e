// SPDX-License-Identifier: Apache-2.0
#include "store/silence_guard.h"

#include <array>
#include <utility>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rm::store {
namespace {

using namespace std::chrono_literals;

class SilenceGuardTest : public testing::Test {
protected:
    void SetUp() override { ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0); }
    void TearDown() override {
        for (const int end : ends) close(end);
    }

    std::array<int, 2> ends = {-1, -1};
};

TEST_F(SilenceGuardTest, a_read_that_gets_no_answer_ends) {
    SilenceGuard guard{Patience()};
    guard.watch(ends[0]);
    guard.expect_answer_within(20ms);
    char byte = 0;
    EXPECT_EQ(read(ends[0], &byte, 1), 0);
    EXPECT_TRUE(guard.cut());
}

TEST_F(SilenceGuardTest, an_answer_in_time_leaves_the_connection_alone) {
    SilenceGuard guard{Patience()};
    guard.watch(ends[0]);
    for (int i = 0; i < 100; ++i) {
        guard.expect_answer_within(10s);
        guard.answered();
    }
    EXPECT_FALSE(guard.cut());
    char byte = 'x';
    EXPECT_EQ(write(ends[1], &byte, 1), 1);
    EXPECT_EQ(read(ends[0], &byte, 1), 1);
}

TEST_F(SilenceGuardTest, the_silence_of_a_later_question_is_noticed_too) {
    SilenceGuard guard{Patience()};
    guard.watch(ends[0]);
    guard.expect_answer_within(20ms);
    guard.answered();
    guard.expect_answer_within(20ms);
    char byte = 0;
    EXPECT_EQ(read(ends[0], &byte, 1), 0);
    EXPECT_TRUE(guard.cut());
}

TEST_F(SilenceGuardTest, a_short_limit_counts_although_a_long_one_came_before) {
    SilenceGuard guard{Patience()};
    guard.watch(ends[0]);
    guard.expect_answer_within(1h);
    guard.answered();
    guard.expect_answer_within(20ms);
    char byte = 0;
    EXPECT_EQ(read(ends[0], &byte, 1), 0);
}

TEST_F(SilenceGuardTest, a_read_that_is_told_to_stop_ends_at_once) {
    std::stop_source stop;
    SilenceGuard guard({.stop = stop.get_token()});
    guard.watch(ends[0]);
    guard.expect_answer_within(1h);
    const std::jthread later([&] { stop.request_stop(); });
    char byte = 0;
    EXPECT_EQ(read(ends[0], &byte, 1), 0);
    EXPECT_TRUE(guard.cut());
}

TEST_F(SilenceGuardTest, the_end_of_patience_is_the_end_of_every_answer) {
    SilenceGuard guard({.stop = {}, .end = std::chrono::steady_clock::now() + 20ms});
    guard.watch(ends[0]);
    guard.expect_answer_within(1h);
    char byte = 0;
    EXPECT_EQ(read(ends[0], &byte, 1), 0);
    guard.watch(ends[1]);
    guard.expect_answer_within(1h);
    EXPECT_TRUE(guard.cut()) << "it is over for later ones too";
}

TEST_F(SilenceGuardTest, a_stop_between_two_questions_leaves_the_connection_for_a_goodbye) {
    std::stop_source stop;
    SilenceGuard guard({.stop = stop.get_token()});
    guard.watch(ends[0]);
    stop.request_stop();
    EXPECT_FALSE(guard.cut());
    guard.set({.stop = {}, .end = std::chrono::steady_clock::now() + 1h});
    guard.expect_answer_within(1h);
    EXPECT_FALSE(guard.cut());
    guard.answered();
    guard.set({.stop = stop.get_token()});
    guard.expect_answer_within(1h);
    EXPECT_TRUE(guard.cut());
}

TEST_F(SilenceGuardTest, the_socket_it_watched_is_not_kept_open) {
    {
        SilenceGuard guard{Patience()};
        guard.watch(ends[0]);
        guard.watch(ends[0]);
    }
    close(std::exchange(ends[0], -1));
    char byte = 0;
    EXPECT_EQ(read(ends[1], &byte, 1), 0) << "the other end sees it closed";
}

}  // namespace
}  // namespace rm::store
