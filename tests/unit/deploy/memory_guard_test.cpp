// SPDX-License-Identifier: Apache-2.0
#include "deploy/memory_guard.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace rm::deploy {
namespace {

docker::Stats usage(std::optional<Bytes> with_cache, std::optional<Bytes> working_set) {
    docker::Stats stats;
    stats.memory_usage = with_cache;
    stats.memory_working_set = working_set;
    return stats;
}

TEST(LeastMemory, leaves_a_tenth_and_sixteen_mebibytes_above_what_is_in_use) {
    EXPECT_EQ(least_memory(usage(Bytes::mebi(900), Bytes::mebi(400))), Bytes::mebi(456));
    EXPECT_EQ(least_memory(usage(Bytes::mebi(10), Bytes(0))), Bytes::mebi(16));
}

TEST(LeastMemory, counts_the_whole_cache_where_nobody_tells_how_much_of_it_is_idle) {
    EXPECT_EQ(least_memory(usage(Bytes::mebi(100), std::nullopt)), Bytes::mebi(126));
}

TEST(LeastMemory, is_unknown_where_the_usage_is) {
    EXPECT_EQ(least_memory(usage(std::nullopt, std::nullopt)), std::nullopt);
}

TEST(StepDown, goes_a_quarter_of_the_way_at_most_and_never_below_the_target) {
    EXPECT_EQ(step_down(Bytes::mebi(800), Bytes::mebi(100)), Bytes::mebi(600));
    EXPECT_EQ(step_down(Bytes::mebi(800), Bytes::mebi(700)), Bytes::mebi(700));
    EXPECT_EQ(step_down(Bytes(3), Bytes(1)), Bytes(3));  // so small that no engine has it
}

RC_GTEST_PROP(StepDown, arrives_in_some_forty_steps, ()) {
    const Bytes from(*rc::gen::inRange<std::int64_t>(6 << 20, std::int64_t{1} << 40));
    const Bytes target(*rc::gen::inRange<std::int64_t>(6 << 20, from.count() + 1));
    int steps = 0;
    for (Bytes now = from; now != target; ++steps) {
        const Bytes next = step_down(now, target);
        RC_ASSERT(next < now && next >= target);
        now = next;
    }
    RC_ASSERT(steps <= 43);
}

TEST(InForce, allows_the_kernel_to_drop_less_than_a_page) {
    constexpr std::int64_t wanted = 500'000'001;
    EXPECT_TRUE(is_in_force(Bytes(wanted), Bytes(wanted)));
    EXPECT_TRUE(is_in_force(Bytes(wanted / 4096 * 4096), Bytes(wanted)));
    EXPECT_TRUE(is_in_force(Bytes(wanted / 65536 * 65536), Bytes(wanted)));
    EXPECT_FALSE(is_in_force(Bytes(wanted + 1), Bytes(wanted)));
    EXPECT_FALSE(is_in_force(Bytes(wanted - 65536), Bytes(wanted)));
}

}  // namespace
}  // namespace rm::deploy
