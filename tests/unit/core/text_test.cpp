// SPDX-License-Identifier: Apache-2.0
#include "core/text.h"

#include <algorithm>
#include <array>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace rm {
namespace {

TEST(Quoted, keeps_readable_text) {
    EXPECT_EQ(quoted("grafana"), "'grafana'");
    EXPECT_EQ(quoted("Größe 日本 😀"), "'Größe 日本 😀'");
}

TEST(Quoted, escapes_what_could_forge_a_line_or_a_terminal_code) {
    EXPECT_EQ(quoted("a\nb"), "'a\\x0ab'");
    EXPECT_EQ(quoted("\x1b[31m"), "'\\x1b[31m'");
    EXPECT_EQ(quoted(std::string_view("\0", 1)), "'\\x00'");
    EXPECT_EQ(quoted("\x7f"), "'\\x7f'");
    EXPECT_EQ(quoted("\xc2\x9b"), "'\\xc2\\x9b'");
}

TEST(Quoted, escapes_invalid_utf8) {
    EXPECT_EQ(quoted("\xff"), "'\\xff'");
    EXPECT_EQ(quoted("\xc3"), "'\\xc3'");
    EXPECT_EQ(quoted("\xed\xa0\x80"), "'\\xed\\xa0\\x80'");
    EXPECT_EQ(quoted("\xe0\x80\x80"), "'\\xe0\\x80\\x80'");
    EXPECT_EQ(quoted("\xf4\x90\x80\x80"), "'\\xf4\\x90\\x80\\x80'");
}

TEST(Quoted, cuts_long_text) {
    const std::string result = quoted(std::string(10'000, 'x'));
    EXPECT_LT(result.size(), 90U);
    EXPECT_TRUE(result.ends_with("...'"));
}

RC_GTEST_PROP(Quoted, never_lets_a_control_character_through, (const std::string& text)) {
    RC_ASSERT(std::ranges::none_of(quoted(text), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; }));
}

TEST(ValidUtf8, replaces_only_what_is_invalid) {
    EXPECT_EQ(valid_utf8("Größe\n\xff!"), "Größe\n\xef\xbf\xbd!");
    EXPECT_EQ(valid_utf8("\xe2\x82"), "\xef\xbf\xbd\xef\xbf\xbd");
    EXPECT_EQ(valid_utf8(""), "");
}

TEST(Utf8, is_told_from_what_is_not) {
    for (const auto* good : {"", "Größe\n", "\xf4\x8f\xbf\xbf"}) EXPECT_TRUE(is_utf8(good)) << quoted(good);
    for (const auto* bad : {"\xff", "\xe2\x82", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"})
        EXPECT_FALSE(is_utf8(bad)) << quoted(bad);
}

TEST(Printable, is_what_holds_no_control_character) {
    EXPECT_TRUE(is_printable("Größe"));
    EXPECT_FALSE(is_printable("a\nb"));
    EXPECT_FALSE(is_printable("a\xff"));
}

TEST(Closest, finds_the_word_that_was_meant) {
    const std::array<std::string_view, 3> keys{"check_interval", "window", "dry_run"};
    EXPECT_EQ(closest("check_intervall", keys), "check_interval");
    EXPECT_EQ(closest("DryRun", keys), "dry_run");
    EXPECT_EQ(closest("widnow", keys), "window");
    EXPECT_EQ(closest("ur", std::array<std::string_view, 1>{"url"}), "url");
    EXPECT_EQ(closest("ulr", std::array<std::string_view, 1>{"url"}), "url");
}

TEST(Closest, stays_silent_where_nothing_is_close) {
    const std::array<std::string_view, 2> keys{"url", "timeout"};
    EXPECT_EQ(closest("password", keys), "");
    EXPECT_EQ(closest(std::string(10'000, 'u'), keys), "");
    EXPECT_EQ(closest("x", {}), "");
}

TEST(Trimmed, takes_the_blanks_from_both_ends_and_leaves_the_rest) {
    EXPECT_EQ(trimmed(" \ta b\t", " \t"), "a b");
    EXPECT_EQ(trimmed("a\n", " \t"), "a\n");
    EXPECT_EQ(trimmed(" \t ", " \t"), "");
    EXPECT_EQ(trimmed("", " \t"), "");
}

TEST(HttpToken, is_what_may_stand_as_the_name_of_a_header) {
    EXPECT_TRUE(is_http_token("X-Api-Key"));
    EXPECT_TRUE(is_http_token("!#$%&'*+-.^_`|~09azAZ"));
    for (const auto* text : {"", "a b", "a:", "a\r\n", "\"a\"", "(a)", "\xc3\xa9"})
        EXPECT_FALSE(is_http_token(text));
}

}  // namespace
}  // namespace rm
