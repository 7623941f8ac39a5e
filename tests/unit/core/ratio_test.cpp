// SPDX-License-Identifier: Apache-2.0
#include "core/ratio.h"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/core/rejected.h"

namespace rm {
namespace {

TEST(Ratio, share_and_percentage_are_the_same) {
    EXPECT_EQ(Ratio::parse("0.8").value(), Ratio::parse("80%").value());
    EXPECT_DOUBLE_EQ(Ratio::parse("1.25").value().value(), 1.25);
    EXPECT_DOUBLE_EQ(Ratio::parse(".5").value().value(), 0.5);
    EXPECT_EQ(Ratio::parse("0").value(), Ratio());
}

TEST(Ratio, prints_without_an_exponent) {
    EXPECT_EQ(print(Ratio(0.8)), "0.8");
    EXPECT_EQ(print(Ratio(0.00001)), "0.00001");
}

TEST(Ratio, rejects_what_people_do_not_mean) {
    for (const auto* text :
         {"", "%", "-0.1", "+1", "1e3", "nan", "inf", "NaN", "0x1", "08", "1.", ".", "50 %", "1,5", "5%%"})
        test::expect_rejected(Ratio::parse(text), text);
    const std::string endless(400, '9');
    test::expect_rejected(Ratio::parse(endless), endless);
}

RC_GTEST_PROP(Ratio, parse_reads_back_what_print_writes, (double any)) {
    RC_PRE(std::isfinite(any));
    const Ratio ratio(std::fabs(any));
    RC_ASSERT(Ratio::parse(print(ratio)) == ratio);
}

}  // namespace
}  // namespace rm
