// SPDX-License-Identifier: Apache-2.0
#include "config/text_kinds.h"

#include <gtest/gtest.h>

#include "tests/unit/config/takes.h"

namespace rm::config {
namespace {

using test::takes;
TEST(TextKinds, times_of_day_have_two_digits_each) {
    EXPECT_TRUE(takes(time_of_day(), "00:00"));
    EXPECT_TRUE(takes(time_of_day(), "23:59"));
    for (const auto* bad : {"9:00", "24:00", "12:60", "12.00", "12:0", "noon"})
        EXPECT_FALSE(takes(time_of_day(), bad)) << bad;
    EXPECT_TRUE(takes(daily_window(), "22:00-04:30"));
    for (const auto* bad : {"22:00", "22:00-", "22:00-22:00", "22:00 - 23:00", "22:00-25:00"})
        EXPECT_FALSE(takes(daily_window(), bad)) << bad;
}

TEST(TextKinds, a_regular_expression_must_compile_and_be_short) {
    EXPECT_TRUE(takes(regex(), "^shop-(web|db)$"));
    EXPECT_FALSE(takes(regex(), "("));
    EXPECT_FALSE(takes(regex(), std::string(257, 'a')));
}

TEST(TextKinds, a_time_zone_is_one_that_the_host_knows) {
    EXPECT_TRUE(takes(timezone(), "UTC"));
    EXPECT_TRUE(takes(timezone(), "Europe/Berlin"));
    for (const auto* bad : {"", "Europe/Berlinn", "Europe", "../../../etc/passwd", "europe/berlin", "A\n"})
        EXPECT_FALSE(takes(timezone(), bad)) << bad;
}

TEST(TextKinds, a_word_that_is_nearly_right_is_recognised) {
    const auto kind = words<int>({{"critical", 1}, {"normal", 2}});
    const Node node = bare("critcal");
    const auto value = kind.read(node);
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().expected, "critical or normal");
    EXPECT_EQ(value.error().meant, "critical");
}

TEST(TextKinds, lines_and_paths_hold_no_control_characters) {
    EXPECT_TRUE(takes(path("a path"), "/a b/ü"));
    EXPECT_FALSE(takes(path("a path"), "a\nb"));
    EXPECT_FALSE(takes(secret_text("a line"), "a\r\nX-Forged: b"));
    EXPECT_TRUE(takes(text("a template"), "two\nlines"));
}

}  // namespace
}  // namespace rm::config
