// SPDX-License-Identifier: Apache-2.0
#include "core/percent.h"

#include <gtest/gtest.h>

namespace rm {
namespace {

TEST(Percent, a_code_needs_both_its_digits) {
    EXPECT_EQ(percent_decoded("a%2Fb%3a"), "a/b:");
    for (const auto* bad : {"%", "%4", "a%4", "%zz", "%-1", "%+1", "% 1"})
        EXPECT_EQ(percent_decoded(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace rm
