// SPDX-License-Identifier: Apache-2.0
#include "app/views/terminal.h"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "app/views/figures.h"
#include "app/views/text.h"

namespace rm::app {
namespace {

using namespace std::chrono_literals;

TEST(TerminalOf, columns_and_the_locale_count_and_a_pipe_has_no_colours) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    const Terminal told = terminal_of(ends[1], {{"COLUMNS", "120"}, {"LANG", "de_DE.UTF-8"}});
    EXPECT_EQ(told.width, 120U);
    EXPECT_TRUE(told.utf8);
    EXPECT_FALSE(told.colour);
    EXPECT_GE(terminal_of(ends[1], {{"COLUMNS", "many"}}).width, 500U);  // a file has no edge
    EXPECT_FALSE(terminal_of(ends[1], {{"LC_ALL", "C"}, {"LANG", "en_US.UTF-8"}}).utf8);
    close(ends[0]);
    close(ends[1]);
}

TEST(Bar, it_is_full_empty_or_between_and_always_as_wide) {
    const Terminal utf8{.width = 80, .colour = false, .utf8 = true};
    EXPECT_EQ(bar(0, 4, utf8), "▕    ▏");
    EXPECT_EQ(bar(0.5, 4, utf8), "▕██  ▏");
    EXPECT_EQ(bar(0.53, 4, utf8), "▕██▏ ▏");
    EXPECT_EQ(bar(7, 4, utf8), "▕████▏");
    EXPECT_EQ(bar(-1, 4, utf8), "▕    ▏");
    EXPECT_EQ(bar(0.5, 4, Terminal()), "[##..]");
}

TEST(TerminalText, it_is_cut_and_folded_by_characters) {
    EXPECT_EQ(shortened("größer als", 8), "größe...");
    EXPECT_EQ(shortened("größer", 6), "größer");
    EXPECT_EQ(shortened("größer", 2), "gr");
    EXPECT_EQ(filled("ö", 3), "ö  ");
    EXPECT_EQ(folded("one two  three", 7), (std::vector<std::string>{"one two", "three"}));
    EXPECT_EQ(folded("unbreakable", 4), (std::vector<std::string>{"unbreakable"}));
}

TEST(TerminalText, what_would_steer_a_terminal_is_replaced) {
    EXPECT_EQ(harmless("a\x1b[31mb\nc\xff"), "a?[31mb?c?");
    EXPECT_EQ(harmless("a\xe2\x80\xae"
                       "b"),
              "a?b");
    EXPECT_EQ(harmless("größe \"<b>\""), "größe \"<b>\"");
}

TEST(Figures, they_are_short_and_rounded) {
    EXPECT_EQ(print_cores(0.4249), "0.42");
    EXPECT_EQ(print_cores(2), "2");
    EXPECT_EQ(print_memory(0), "0B");
    EXPECT_EQ(print_memory(512 * 1024), "512K");
    EXPECT_EQ(print_memory(212.4 * 1024 * 1024), "212M");
    EXPECT_EQ(print_memory(1536.0 * 1024 * 1024), "1.5G");
    EXPECT_EQ(print_memory(1023.9 * 1024 * 1024), "1G");
    EXPECT_EQ(print_percent(0.844), "84%");
    EXPECT_EQ(print_brief(4min + 18s), "4m18s");
    EXPECT_EQ(print_brief(25h + 59s), "1d1h");
    EXPECT_EQ(print_brief(1h + 5s), "1h");
    EXPECT_EQ(print_brief(-5s), "0s");
}

}  // namespace
}  // namespace rm::app
