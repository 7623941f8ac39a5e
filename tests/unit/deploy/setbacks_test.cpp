// SPDX-License-Identifier: Apache-2.0
#include "deploy/setbacks.h"

#include <gtest/gtest.h>

namespace rm::deploy::test {
namespace {

using namespace std::chrono_literals;

TEST(Setbacks, the_wait_doubles_with_each_in_a_row_up_to_a_day) {
    EXPECT_EQ(backoff_after(0, 1h), 0s);
    EXPECT_EQ(backoff_after(1, 1h), 1h);
    EXPECT_EQ(backoff_after(2, 1h), 2h);
    EXPECT_EQ(backoff_after(4, 1h), 8h);
    EXPECT_EQ(backoff_after(6, 1h), 24h);
    EXPECT_EQ(backoff_after(1'000'000, 1h), 24h);
}

TEST(Setbacks, a_longer_wait_than_a_day_is_kept_as_it_was_set) {
    EXPECT_EQ(backoff_after(1, 72h), 72h);
    EXPECT_EQ(backoff_after(5, 72h), 72h);
}

TEST(Setbacks, none_is_waited_for_where_none_is_set) {
    EXPECT_EQ(backoff_after(9, 0s), 0s);
}

}  // namespace
}  // namespace rm::deploy::test
