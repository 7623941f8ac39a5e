// SPDX-License-Identifier: Apache-2.0
#include "core/decimal.h"

#include <limits>

#include <gtest/gtest.h>

namespace rm {
namespace {

TEST(Decimal, is_taken_from_the_front_and_leaves_the_rest) {
    std::string_view text = "1.5GiB";
    const auto number = Decimal::take(text);
    ASSERT_TRUE(number);
    EXPECT_EQ(text, "GiB");
    EXPECT_EQ(number->times_exactly(10), 15);
}

TEST(Decimal, leaves_the_text_alone_where_there_is_no_number) {
    for (const std::string_view original : {"", "x", ".", "1.", "01", "00", "-1", "1234567890123456789"}) {
        std::string_view text = original;
        EXPECT_FALSE(Decimal::take(text)) << original;
        EXPECT_EQ(text, original);
    }
}

TEST(Decimal, exact_multiples_are_exact_or_nothing) {
    std::string_view third = "0.333";
    const auto number = Decimal::take(third).value();
    EXPECT_EQ(number.times_exactly(1000), 333);
    EXPECT_EQ(number.times_exactly(100), std::nullopt);
    EXPECT_EQ(number.times(100), 33);
}

TEST(Decimal, too_large_a_product_is_nothing) {
    std::string_view text = "999999999999999999";
    const auto number = Decimal::take(text).value();
    EXPECT_EQ(number.times_exactly(1), 999'999'999'999'999'999);
    EXPECT_EQ(number.times_exactly(10), std::nullopt);
    EXPECT_EQ(number.times(std::numeric_limits<std::int64_t>::max()), std::nullopt);
}

TEST(Decimal, prints_without_trailing_zeros) {
    EXPECT_EQ(print_decimal(1500, 3), "1.5");
    EXPECT_EQ(print_decimal(1000, 3), "1");
    EXPECT_EQ(print_decimal(100, 0), "100");
    EXPECT_EQ(print_decimal(5, 3), "0.005");
    EXPECT_EQ(print_decimal(-1500, 3), "-1.5");
}

}  // namespace
}  // namespace rm
