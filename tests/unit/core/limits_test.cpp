// SPDX-License-Identifier: Apache-2.0
#include "core/limits.h"

#include <gtest/gtest.h>

namespace rm {
namespace {

TEST(Limits, unlimited_is_not_zero) {
    EXPECT_EQ(print(Limits{.cpu = Cores(), .memory = Bytes()}), "0 CPU, 0");
    EXPECT_EQ(print(Limits{}), "unlimited CPU, unlimited memory");
    EXPECT_NE(Limits{}, (Limits{.cpu = Cores(), .memory = Bytes()}));
}

TEST(Limits, what_is_laid_over_others_counts_where_it_has_a_value) {
    const Limits half{.cpu = Cores::from_nanos(500'000'000), .memory = {}};
    const Limits both{.cpu = Cores::whole(2), .memory = Bytes::mebi(768)};
    EXPECT_EQ(overlaid(both, half), (Limits{.cpu = half.cpu, .memory = both.memory}));
    EXPECT_EQ(overlaid(half, both), both);
    EXPECT_EQ(overlaid(both, Limits{}), both);
}

TEST(Limits, print_as_people_write_them) {
    EXPECT_EQ(print(Limits{.cpu = Cores::from_nanos(1'500'000'000), .memory = Bytes::mebi(768)}),
              "1.5 CPU, 768M");
}

}  // namespace
}  // namespace rm
