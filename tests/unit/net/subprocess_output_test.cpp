// SPDX-License-Identifier: Apache-2.0
#include "net/subprocess_output.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::net {
namespace {

using namespace std::string_view_literals;
using testing::ElementsAre;

struct Lines {
    std::vector<std::string> seen;
    Capture capture;

    explicit Lines(std::size_t cap = 1000)
        : capture(cap, [this](std::string_view line) { seen.emplace_back(line); }) {}
};

TEST(Capture, lines_are_put_together_from_pieces) {
    Lines lines;
    lines.capture.take("fi");
    lines.capture.take("rst\n\nth");
    EXPECT_THAT(lines.seen, ElementsAre("first", ""));
    lines.capture.take("ird\n");
    lines.capture.finish();
    EXPECT_THAT(lines.seen, ElementsAre("first", "", "third"));
}

TEST(Capture, the_last_line_needs_no_newline) {
    Lines lines;
    lines.capture.take("one\ntwo");
    lines.capture.finish();
    EXPECT_THAT(lines.seen, ElementsAre("one", "two"));
}

TEST(Capture, bytes_pass_as_they_are) {
    Lines lines;
    lines.capture.take("a\0b\xff\xfe\r\n"sv);
    EXPECT_THAT(lines.seen, ElementsAre(std::string("a\0b\xff\xfe\r"sv)));
    EXPECT_EQ(lines.capture.take_text(), "a\0b\xff\xfe\r\n"sv);
}

TEST(Capture, a_very_long_line_is_cut_and_the_next_one_is_whole) {
    Lines lines;
    for (int i = 0; i < 100; ++i) lines.capture.take(std::string(1000, 'x'));
    lines.capture.take("\nnext\n");
    ASSERT_EQ(lines.seen.size(), 2U);
    EXPECT_EQ(lines.seen[0], std::string(Capture::longest_line, 'x'));
    EXPECT_EQ(lines.seen[1], "next");
}

TEST(Capture, text_is_kept_up_to_the_cap_and_lines_go_on) {
    Lines lines(5);
    lines.capture.take("123");
    EXPECT_FALSE(lines.capture.truncated());
    lines.capture.take("45");
    EXPECT_FALSE(lines.capture.truncated()) << "exactly the cap";
    lines.capture.take("6\n7\n");
    EXPECT_TRUE(lines.capture.truncated());
    EXPECT_THAT(lines.seen, ElementsAre("123456", "7"));
    EXPECT_EQ(lines.capture.take_text(), "12345");
}

TEST(Capture, a_cap_of_nothing_keeps_nothing) {
    Lines lines(0);
    lines.capture.take("a\n");
    EXPECT_TRUE(lines.capture.truncated());
    EXPECT_EQ(lines.capture.take_text(), "");
}

}  // namespace
}  // namespace rm::net
