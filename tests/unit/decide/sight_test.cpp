// SPDX-License-Identifier: Apache-2.0
#include "decide/sight.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/decide/situation.h"

namespace rm::decide::test {
namespace {

using testing::HasSubstr;

TEST(Sight, exactly_at_a_threshold_nothing_is_wanted) {
    Situation web;
    web.use(0.8, 0.3);
    const Verdict verdict = web.look();
    EXPECT_EQ(verdict.cpu, Wish::keep);
    EXPECT_EQ(verdict.memory, Wish::keep);
    EXPECT_EQ(verdict.summary, "within thresholds: CPU 80%, memory 30%");
}

TEST(Sight, one_replica_above_is_enough_for_more_and_all_must_be_below_for_less) {
    Situation web;
    web.add_replica();
    web.use(0.1, 0.1);
    EXPECT_EQ(web.look().cpu, Wish::lower);
    web.replica().usage.cpu = cores("0.41");
    EXPECT_EQ(web.look().cpu, Wish::raise);
    web.replica().usage.cpu = cores("0.2");
    EXPECT_EQ(web.look().cpu, Wish::keep);
    EXPECT_EQ(web.look().memory, Wish::lower);
}

TEST(Sight, throttling_above_its_threshold_asks_for_cpu_whatever_the_average) {
    Situation web;
    web.use(0.1, 0.5);
    web.replica().usage.throttled = Ratio(0.25);
    EXPECT_EQ(web.look().cpu, Wish::lower);
    web.replica().usage.throttled = Ratio(0.31);
    const Verdict verdict = web.lasting();
    EXPECT_EQ(verdict.summary,
              "CPU 0.5 -> 0.63: throttled in 31% of its periods, above 25% in 3 of 3 checks (10% of 0.5)");
    web.policy.thresholds.cpu_throttled = Ratio(1);
    EXPECT_EQ(web.look().cpu, Wish::lower);
}

TEST(Sight, a_source_without_throttling_is_no_gap_but_a_lost_reading_holds_a_decrease) {
    Situation web;
    web.use(0.1, 0.5);
    for (const Gap gap : {Gap::absent, Gap::not_applicable}) {
        web.replica().usage.throttled = tl::unexpected(gap);
        EXPECT_EQ(web.look().cpu, Wish::lower);
    }
    web.replica().usage.throttled = tl::unexpected(Gap::timeout);
    const Verdict verdict = web.look();
    EXPECT_EQ(verdict.cpu, Wish::keep);
    EXPECT_EQ(report(verdict, Gate::data, Resource::cpu).reason,
              "CPU of web-1, throttling: the source did not answer in time");
    web.use(0.5, 0.5);
    EXPECT_EQ(outcome(web.look(), Gate::data, Resource::cpu), Outcome::passed);
}

TEST(Sight, the_largest_limit_is_in_force_where_replicas_differ) {
    Situation web;
    web.add_replica().limits = {.cpu = cores("1"), .memory = bytes("256M")};
    EXPECT_EQ(print(web.look().in_force), "1 CPU, 512M");
    web.replica().limits.cpu.reset();
    EXPECT_EQ(print(web.look().in_force), "unlimited CPU, 512M");
}

TEST(Sight, signals_tell_shares_of_the_limit_in_force_and_gaps) {
    Situation web;
    web.replica().usage.memory = tl::unexpected(Gap::stale);
    const Verdict verdict = web.look();
    ASSERT_EQ(verdict.signals.size(), 2U);
    EXPECT_EQ(verdict.signals[0].of_limit, Ratio(0.5));
    EXPECT_FALSE(verdict.signals[0].gap);
    EXPECT_EQ(verdict.signals[1].resource, Resource::memory);
    EXPECT_EQ(verdict.signals[1].gap, Gap::stale);
    EXPECT_FALSE(verdict.signals[1].of_limit);
}

TEST(Sight, less_than_nothing_is_a_gap_and_no_low_usage) {
    Situation web;
    web.replica().usage.cpu = Cores::from_nanos(-1);
    web.replica().usage.memory = Bytes(-1);
    const Verdict verdict = web.look();
    EXPECT_EQ(verdict.cpu, Wish::keep);
    EXPECT_EQ(verdict.signals[0].gap, Gap::negative);
    EXPECT_THAT(verdict.summary, HasSubstr("held by data: CPU of web-1: the sample is negative"));
}

TEST(Sight, a_limit_of_zero_is_none) {
    Situation web;
    web.limit(Cores(), Bytes());
    const Verdict verdict = web.look();
    EXPECT_TRUE(verdict.unlimited);
    EXPECT_FALSE(verdict.signals[0].of_limit);
    EXPECT_EQ(verdict.summary, "within thresholds: CPU without a limit, memory without a limit");
}

}  // namespace
}  // namespace rm::decide::test
