// SPDX-License-Identifier: Apache-2.0
#include "store/silence_guard.h"

#include <array>

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
    SilenceGuard guard(ends[0]);
    guard.expect_answer_within(20ms);
    char byte = 0;
    EXPECT_EQ(read(ends[0], &byte, 1), 0);
    EXPECT_TRUE(guard.cut());
}

TEST_F(SilenceGuardTest, an_answer_in_time_leaves_the_connection_alone) {
    SilenceGuard guard(ends[0]);
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
    SilenceGuard guard(ends[0]);
    guard.expect_answer_within(20ms);
    guard.answered();
    guard.expect_answer_within(20ms);
    char byte = 0;
    EXPECT_EQ(read(ends[0], &byte, 1), 0);
    EXPECT_TRUE(guard.cut());
}

}  // namespace
}  // namespace rm::store
