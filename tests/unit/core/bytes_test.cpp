// SPDX-License-Identifier: Apache-2.0
#include "core/bytes.h"

#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/core/rejected.h"

namespace rm {
namespace {

std::int64_t count(std::string_view text) {
    return Bytes::parse(text).value().count();
}

TEST(Bytes, units_are_powers_of_1024_in_every_spelling) {
    const std::int64_t mebi = std::int64_t{1} << 20;
    for (const auto* text : {"768M", "768m", "768MB", "768Mb", "768MiB", "768mib", "768 MiB"})
        EXPECT_EQ(count(text), 768 * mebi) << text;
    EXPECT_EQ(count("1k"), 1024);
    EXPECT_EQ(count("1g"), 1024 * mebi);
    EXPECT_EQ(count("2T"), std::int64_t{2048} * 1024 * mebi);
}

TEST(Bytes, plain_numbers_are_bytes) {
    EXPECT_EQ(count("0"), 0);
    EXPECT_EQ(count("1048576"), 1048576);
    EXPECT_EQ(count("12b"), 12);
}

TEST(Bytes, a_fraction_of_a_byte_is_dropped) {
    EXPECT_EQ(count("1.5g"), std::int64_t{3} << 29);
    EXPECT_EQ(count("0.1k"), 102);
}

TEST(Bytes, rounded_it_is_short_in_the_largest_unit_that_fits) {
    EXPECT_EQ(print_rounded(Bytes(0)), "0B");
    EXPECT_EQ(print_rounded(Bytes(1023)), "1023B");
    EXPECT_EQ(print_rounded(Bytes(1024)), "1K");
    EXPECT_EQ(print_rounded(Bytes(28'848)), "28.2K");
    EXPECT_EQ(print_rounded(Bytes(1'024'000)), "1000K");
    EXPECT_EQ(print_rounded(Bytes(1'048'575)), "1M") << "and not 1024K";
    EXPECT_EQ(print_rounded(Bytes::mebi(1536)), "1.5G");
    EXPECT_EQ(print_rounded(Bytes(std::int64_t{5} << 50)), "5120T");
}

TEST(Bytes, print_uses_the_largest_exact_unit) {
    EXPECT_EQ(print(Bytes::mebi(768)), "768M");
    EXPECT_EQ(print(Bytes::mebi(8192)), "8G");
    EXPECT_EQ(print(Bytes(1536)), "1536");
    EXPECT_EQ(print(Bytes(0)), "0");
}

TEST(Bytes, rejects_what_people_do_not_mean) {
    for (const auto* text : {"", " ", "M", "-1", "+1", "1e3", "010M", "0x10", "64 ", "64  M", "64Mi", "64Q",
                             "1.M", "NaN", "9223372036854775808", "9999999T", "64M\n", "½G"})
        test::expect_rejected(Bytes::parse(text), text);
}

RC_GTEST_PROP(Bytes, parse_reads_back_what_print_writes, ()) {
    const Bytes bytes(*rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000'000'000));
    RC_ASSERT(Bytes::parse(print(bytes)) == bytes);
}

RC_GTEST_PROP(Bytes, whole_units_survive_too, ()) {
    const Bytes bytes = Bytes::mebi(*rc::gen::inRange<std::int64_t>(0, 1 << 30));
    RC_ASSERT(Bytes::parse(print(bytes)) == bytes);
}

RC_GTEST_PROP(Bytes, arbitrary_text_is_read_or_named_in_the_error, (const std::string& text)) {
    const auto result = Bytes::parse(text);
    // RC_ASSERT takes || apart and evaluates both sides, even where there is no error to ask.
    const bool named = !result && result.error().message.find(quoted(text)) != std::string::npos;
    RC_ASSERT(result.has_value() || named);
}

}  // namespace
}  // namespace rm
