// SPDX-License-Identifier: Apache-2.0
#include "decide/quantity.h"

#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace rm::decide {
namespace {

constexpr Amount largest = std::numeric_limits<Amount>::max();

TEST(Quantity, scaling_is_exact_where_people_expect_it) {
    EXPECT_EQ(scaled(100, 1.1), 110);
    EXPECT_EQ(scaled(500'000'000, 1.25), 625'000'000);
    EXPECT_EQ(scaled(3, 0.5), 2);
    EXPECT_EQ(scaled(0, 1.25), 0);
}

TEST(Quantity, nothing_overflows) {
    EXPECT_EQ(scaled(largest, 1.25), largest);
    EXPECT_EQ(scaled(largest, 1), largest);
    EXPECT_EQ(sum(largest, 1), largest);
    EXPECT_EQ(sum(5, -3), 2);
    EXPECT_EQ(round_up(largest, 1000), largest - largest % 1000);
}

TEST(Quantity, rounds_to_steps) {
    EXPECT_EQ(round_up(100, 10), 100);
    EXPECT_EQ(round_up(101, 10), 110);
    EXPECT_EQ(round_down(109, 10), 100);
    EXPECT_EQ(round_down(-5, 10), 0);
}

TEST(Quantity, prints_for_people) {
    EXPECT_EQ(print_amount(Resource::cpu, 630'000'000), "0.63");
    EXPECT_EQ(print_amount(Resource::cpu, 333'333'333), "0.333");
    EXPECT_EQ(print_amount(Resource::memory, Bytes::mebi(1024).count()), "1G");
    EXPECT_EQ(print_amount(Resource::memory, Bytes::mebi(300).count() + 5), "300M");
    EXPECT_EQ(print_amount(Resource::memory, 5), "5B");
    EXPECT_EQ(percent(0.91), "91%");
    EXPECT_EQ(percent(0.8049), "80.5%");
    EXPECT_EQ(percent(0), "0%");
    EXPECT_EQ(percent(12.5), "1250%");
}

RC_GTEST_PROP(Quantity, rounding_up_is_never_less_and_less_than_a_step_more, ()) {
    const Amount amount = *rc::gen::inRange<Amount>(0, largest / 2);
    const Amount step = *rc::gen::inRange<Amount>(1, 1 << 21);
    const Amount up = round_up(amount, step);
    RC_ASSERT(up >= amount && up - amount < step && up % step == 0);
}

}  // namespace
}  // namespace rm::decide
