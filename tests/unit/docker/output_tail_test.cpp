// SPDX-License-Identifier: Apache-2.0
#include "docker/output_tail.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/docker/bodies.h"

namespace rm::docker {
namespace {

using test::frame;
using testing::EndsWith;
using testing::StartsWith;

std::string text_of(std::string_view body, std::size_t piece = 1 << 20) {
    OutputTail tail;
    for (; !body.empty(); body.remove_prefix(std::min(piece, body.size()))) tail.take(body.substr(0, piece));
    return tail.text();
}

TEST(OutputTail, takes_both_streams_out_of_their_frames_however_they_are_cut) {
    const std::string body =
        frame(1, "one\n") + frame(2, "two\n") + frame(1, "") + frame(1, "thr") + frame(1, "ee\n");
    for (const std::size_t piece : {1U, 3U, 7U, 9U, 100U})
        EXPECT_EQ(text_of(body, piece), "one\ntwo\nthree\n");
}

TEST(OutputTail, a_terminal_has_no_frames) {
    for (const std::size_t piece : {1U, 4U, 100U})
        EXPECT_EQ(text_of("no such setting\r\nbye\r\n", piece), "no such setting\nbye\n");
    EXPECT_EQ(text_of("ok"), "ok\n");
}

TEST(OutputTail, nothing_is_nothing) {
    EXPECT_EQ(text_of(""), "");
    EXPECT_EQ(text_of(frame(1, "")), "");
    EXPECT_EQ(text_of(frame(1, "one\n").substr(0, 5)), "");
}

TEST(OutputTail, a_frame_that_was_cut_off_counts_as_far_as_it_came) {
    EXPECT_EQ(text_of(frame(1, "one\ntwo\n").substr(0, 14)), "one\ntw\n");
}

TEST(OutputTail, what_can_not_be_printed_is_left_out) {
    EXPECT_EQ(text_of(frame(2, "\x1b[31mred\x1b[0m\n\xff\xfe\t|\n")), "[31mred [0m\n|\n");
}

TEST(OutputTail, keeps_whole_lines_of_the_end) {
    std::string body;
    for (int i = 0; i < 100'000; ++i) body += frame(1, fmt::format("line {}\n", i));
    const std::string text = text_of(body, 1000);
    EXPECT_THAT(text, StartsWith("...\nline 99"));
    EXPECT_THAT(text, EndsWith("line 99998\nline 99999\n"));
    EXPECT_LE(text.size(), OutputTail::longest + 4);
    EXPECT_GT(text.size(), OutputTail::longest / 2);
}

TEST(OutputTail, a_line_without_end_is_cut) {
    const std::string text = text_of(frame(1, std::string(50'000, 'x') + '\n'));
    EXPECT_THAT(text, StartsWith("...\nxxx"));
    EXPECT_LT(text.size(), 1100U);
}

TEST(OutputTail, a_frame_longer_than_said_memory_is_not_kept) {
    // Its header says 4 GiB.
    EXPECT_EQ(text_of(std::string("\x01\0\0\0\xff\xff\xff\xff", 8) + "one\n"), "one\n");
}

}  // namespace
}  // namespace rm::docker
