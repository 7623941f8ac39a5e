// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/unit/decide/situation.h"

namespace rm::decide::test {
namespace {

using config::Strategy;

/// Asks for memory from 1G to 1280M on a host of 4G, of which nothing is reserved.
Situation hungry(std::string_view used) {
    Situation web;
    web.limit(cores("1"), bytes("1G"));
    web.use(0.5, 0.9);
    web.policy.bounds.host_reserve.memory = {Bytes()};
    web.view.host = Host{.cpus = Cores::whole(4), .memory = bytes("4G"), .memory_used = bytes(used)};
    return web;
}

TEST(CapacityGate, a_new_replica_must_fit_beside_everything) {
    EXPECT_EQ(hungry("2816M").lasting().proposal.value().to.memory, bytes("1280M"));
    EXPECT_EQ(hungry("2816M").lasting().proposal->clamped_memory, "");
    EXPECT_FALSE(hungry("3072M").lasting().proposal);
}

TEST(CapacityGate, a_raise_is_cut_to_what_is_left_where_that_is_worth_it) {
    const Verdict cut = hungry("2900M").lasting();
    EXPECT_EQ(cut.proposal.value().to.memory, bytes("1196M"));
    EXPECT_EQ(cut.proposal->clamped_memory, "host");
    const Verdict held = hungry("3030M").lasting();  // 1066M would be 4% more
    EXPECT_FALSE(held.proposal);
    EXPECT_TRUE(held.memory_at_maximum);
    EXPECT_EQ(held.memory_ceiling, "host");
    EXPECT_EQ(held.summary,
              "held by host_capacity: 1280M would not fit: of the host's 4G, 3030M are used and 0B reserved");
}

TEST(CapacityGate, the_reserve_is_left_alone) {
    Situation web = hungry("2560M");
    web.policy.bounds.host_reserve.memory = {bytes("256M")};
    EXPECT_EQ(web.lasting().proposal.value().to.memory, bytes("1280M"));
    web.policy.bounds.host_reserve.memory = {Ratio(0.25)};
    EXPECT_FALSE(web.look().proposal);
}

TEST(CapacityGate, in_place_only_the_increase_must_fit) {
    for (const Strategy strategy : {Strategy::in_place, Strategy::recreate}) {
        Situation web = hungry("3737M");  // 921.6M of which are its own
        web.policy.deployment.strategy = strategy;
        EXPECT_EQ(web.lasting().proposal.value().to.memory, bytes("1280M"));
        web.view.host->memory_used = bytes("3800M");
        EXPECT_EQ(web.look().proposal.value().clamped_memory, "host");
    }
    for (const Strategy strategy : {Strategy::script, Strategy::automatic}) {
        Situation beside = hungry("3737M");
        beside.policy.deployment.strategy = strategy;
        EXPECT_FALSE(beside.lasting().proposal);
    }
}

TEST(CapacityGate, cpu_never_exceeds_what_the_host_has) {
    Situation web;
    web.limit(cores("3.5"), bytes("512M"));
    web.use(0.9, 0.5);
    web.view.host->cpus = Cores::whole(4);
    EXPECT_EQ(web.lasting().proposal.value().to.cpu, cores("4"));
    EXPECT_EQ(web.look().proposal.value().clamped_cpu, "host");
    web.policy.bounds.host_reserve.cpu = {cores("0.5")};
    EXPECT_TRUE(web.look().cpu_at_maximum);
    EXPECT_EQ(web.look().summary,
              "held by host_capacity: 4.38 would not fit: the host has 4 CPU, 0.5 of it reserved");
}

TEST(CapacityGate, without_a_host_nothing_is_raised_but_may_be_lowered) {
    Situation web = hungry("1G");
    web.use(0.1, 0.9);
    web.view.host.reset();
    const Verdict verdict = web.lasting();
    EXPECT_EQ(print(verdict.proposal.value().to), "0.75 CPU, 1G");
    EXPECT_EQ(report(verdict, Gate::host_capacity, Resource::memory).reason,
              "what the host has is not known");
    EXPECT_FALSE(verdict.memory_at_maximum);
}

TEST(CapacityGate, unknown_memory_holds_memory_alone) {
    Situation web = hungry("1G");
    web.use(0.9, 0.9);
    web.view.host->memory_used.reset();
    EXPECT_EQ(print(web.lasting().proposal.value().to), "1.25 CPU, 1G");
}

}  // namespace
}  // namespace rm::decide::test
