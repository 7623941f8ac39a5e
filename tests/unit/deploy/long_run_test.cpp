// SPDX-License-Identifier: Apache-2.0
// Hundreds of deployments one after the other while things go wrong by chance. RM_DEPLOYMENTS says how many,
// RM_SEED from which number; a run that found something is repeated with the number it printed.
#include <chrono>
#include <cstdlib>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/deploy/ordeal.h"

namespace rm::deploy::test {
namespace {

using namespace std::chrono_literals;

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);
    return text == nullptr ? otherwise : std::stoull(text);
}

class LongRun : public testing::TestWithParam<int> {};

TEST_P(LongRun, keeps_its_promises_whatever_goes_wrong) {
    const std::uint64_t seed = number_from("RM_SEED", std::random_device()());
    const std::uint64_t deployments = number_from("RM_DEPLOYMENTS", 300) / 2;
    std::cout << fmt::format("control groups of version {}: RM_SEED={}\n", GetParam(), seed);
    Ordeal ordeal(seed + static_cast<std::uint64_t>(GetParam()), GetParam());
    for (std::uint64_t i = 0; i < deployments; ++i)
        ASSERT_TRUE(ordeal.deploy()) << "RM_SEED=" << seed << ", deployment " << i + 1 << ": "
                                     << ordeal.complaint();
    const auto& tally = ordeal.tally();
    std::cout << fmt::format("{} deployments in {} of simulated time:", deployments, print(tally.time));
    for (const auto& [outcome, count] : tally.outcomes)
        std::cout << fmt::format(" {} {},", count, to_string(outcome));
    for (const auto& [strategy, count] : tally.strategies)
        std::cout << fmt::format(" {} by {},", count, to_string(strategy));
    std::cout << fmt::format(
        " the controller was killed {} times, {} calls went wrong, {} accidents, {} scripts, {} looks\n",
        tally.kills, tally.faults, tally.accidents, tally.scripts, tally.looks);
    if (deployments < 100) return;
    EXPECT_EQ(tally.strategies.size(), 4U);
    if (deployments >= 1000) {
        EXPECT_GE(tally.time, 24h);
    }
    EXPECT_GT(tally.kills, 0);
    EXPECT_GT(tally.faults, 0);
    EXPECT_GT(tally.accidents, 0);
    EXPECT_TRUE(tally.outcomes.contains(Outcome::succeeded));
    EXPECT_TRUE(tally.outcomes.contains(Outcome::rolled_back));
}

INSTANTIATE_TEST_SUITE_P(ControlGroups, LongRun, testing::Values(1, 2));

}  // namespace
}  // namespace rm::deploy::test
