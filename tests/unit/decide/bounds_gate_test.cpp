// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/unit/decide/situation.h"

namespace rm::decide::test {
namespace {

Verdict raised(std::string_view cpu, std::string_view memory) {
    Situation web;
    web.limit(cores(cpu), bytes(memory));
    web.use(0.9, 0.9);
    return web.lasting();
}

Verdict lowered(std::string_view cpu, std::string_view memory, double share = 0.01) {
    Situation web;
    web.limit(cores(cpu), bytes(memory));
    web.use(share, share);
    return web.lasting();
}

TEST(BoundsGate, new_limits_are_tidy) {
    EXPECT_EQ(print(raised("0.5", "100M").proposal.value().to), "0.63 CPU, 125M");
    EXPECT_EQ(print(raised("0.333", "101M").proposal.value().to), "0.42 CPU, 127M");
    EXPECT_EQ(print(lowered("0.5", "101M").proposal.value().to), "0.38 CPU, 76M");
}

TEST(BoundsGate, the_maximum_cuts_a_raise_and_says_so) {
    const Verdict verdict = raised("7", "7G");
    EXPECT_EQ(print(verdict.proposal.value().to), "8 CPU, 8G");
    EXPECT_EQ(verdict.proposal->clamped_cpu, "bounds.cpu.max");
    EXPECT_EQ(verdict.proposal->clamped_memory, "bounds.memory.max");
    EXPECT_FALSE(verdict.cpu_at_maximum);
    EXPECT_EQ(verdict.summary,
              "CPU 7 -> 8: above 80% in 3 of 3 checks (90% of 7), set by bounds.cpu.max; memory 7G -> 8G: "
              "above 80% in 3 of 3 checks (90% of 7G), set by bounds.memory.max");
}

TEST(BoundsGate, at_the_maximum_nothing_is_done_and_it_is_told) {
    const Verdict verdict = raised("8", "8G");
    EXPECT_FALSE(verdict.proposal);
    EXPECT_TRUE(verdict.cpu_at_maximum);
    EXPECT_TRUE(verdict.memory_at_maximum);
    EXPECT_EQ(verdict.memory_ceiling, "bounds.memory.max");
    EXPECT_EQ(verdict.summary, "held by bounds: CPU of 8 is at the maximum of 8");
    EXPECT_EQ(report(verdict, Gate::bounds, Resource::memory).remedy, "raise bounds.memory.max above 8G");
    EXPECT_EQ(outcome(verdict, Gate::minimum_change, Resource::cpu), Outcome::idle);
}

TEST(BoundsGate, a_moments_wish_at_the_maximum_is_no_alarm) {
    Situation web;
    web.limit(cores("8"), bytes("8G"));
    web.use(0.9, 0.9);
    EXPECT_FALSE(web.checks(2).cpu_at_maximum);
    EXPECT_TRUE(web.check().cpu_at_maximum);
}

TEST(BoundsGate, the_minimum_stops_a_decrease) {
    const Verdict verdict = lowered("0.12", "80M");
    EXPECT_EQ(print(verdict.proposal.value().to), "0.1 CPU, 64M");
    EXPECT_EQ(verdict.proposal->clamped_cpu, "bounds.cpu.min");
    EXPECT_EQ(lowered("0.1", "64M").summary, "held by bounds: CPU of 0.1 is at bounds.cpu.min");
}

TEST(BoundsGate, limits_outside_the_bounds_move_only_the_way_that_is_wished) {
    EXPECT_FALSE(raised("9", "9G").proposal);
    EXPECT_TRUE(raised("9", "9G").cpu_at_maximum);
    EXPECT_EQ(print(lowered("16", "16G").proposal.value().to), "8 CPU, 8G");
    EXPECT_FALSE(lowered("0.05", "32M").proposal);
    EXPECT_EQ(print(raised("0.05", "32M").proposal.value().to), "0.1 CPU, 64M");
}

TEST(BoundsGate, a_decrease_stays_where_the_usage_would_not_call_it_back) {
    Situation web;
    web.limit(cores("1"), bytes("1G"));
    web.policy.adjustment.decrease_factor = Ratio(0.1);
    web.use(0.29, 0.29);
    const Verdict verdict = web.lasting();
    EXPECT_EQ(verdict.proposal.value().to.cpu, cores("0.37"));  // 0.29 / 0.8 = 0.3625
    EXPECT_EQ(verdict.proposal->to.memory, bytes("372M"));      // 296.96M / 0.8 = 371.2M
    EXPECT_EQ(verdict.proposal->clamped_cpu, "");
}

TEST(BoundsGate, the_busiest_replica_counts) {
    Situation web;
    web.limit(cores("1"), bytes("1G"));
    web.policy.adjustment.decrease_factor = Ratio(0.1);
    web.add_replica();
    web.use(0.05, 0.5);
    web.replica().usage.cpu = cores("0.28");
    EXPECT_EQ(web.lasting().proposal.value().to.cpu, cores("0.35"));
}

TEST(BoundsGate, a_maximum_that_is_too_small_for_the_usage_is_not_forced) {
    Situation web;
    web.limit(cores("100"), bytes("512M"));
    web.use(0.2, 0.5);
    const Verdict verdict = web.lasting();
    EXPECT_EQ(verdict.summary, "held by bounds: even 8 would be too little for what it uses");
}

TEST(BoundsGate, the_baseline_is_a_floor_for_everyone_and_for_raises_too) {
    Situation web;
    web.policy.baseline = {.cpu = cores("0.45"), .memory = bytes("1G")};
    web.use(0.1, 0.9);
    const Verdict verdict = web.lasting();
    EXPECT_EQ(print(verdict.proposal.value().to), "0.45 CPU, 1G");
    EXPECT_EQ(verdict.proposal->clamped_cpu, "baseline.cpu");
    EXPECT_EQ(verdict.proposal->clamped_memory, "baseline.memory");
    web.policy.baseline.cpu = cores("0.5");
    EXPECT_EQ(report(web.look(), Gate::bounds, Resource::cpu).reason, "CPU of 0.5 is at baseline.cpu");
}

TEST(BoundsGate, a_critical_service_below_its_baseline_is_raised_to_it_when_it_is_raised) {
    Situation web;
    web.policy.service_class = config::ServiceClass::critical;
    web.policy.baseline.cpu = cores("2");
    EXPECT_FALSE(web.lasting().proposal);
    web.use(0.9, 0.5);
    EXPECT_EQ(web.lasting().proposal.value().to.cpu, cores("2"));
}

}  // namespace
}  // namespace rm::decide::test
