// SPDX-License-Identifier: Apache-2.0
// A day in the life of the daemon, on which much goes wrong by chance. RM_HOURS says how long it is, RM_SEED
// which one; a day that found something is lived again with the number it printed.
#include "tests/unit/app/day.h"

#include <cstdlib>
#include <iostream>
#include <numeric>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace rm::app::test {
namespace {

using namespace std::chrono_literals;

std::uint64_t number_of(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);
    return text == nullptr ? otherwise : std::stoull(text);
}

class DayTest : public testing::TestWithParam<int> {};

TEST_P(DayTest, no_service_is_ever_lost_whatever_goes_wrong) {
    const std::uint64_t seed = number_of("RM_SEED", std::random_device()());
    const auto hours = static_cast<int>(number_of("RM_HOURS", 24));
    std::cout << fmt::format("control groups of version {}: RM_SEED={}\n", GetParam(), seed);
    Day day(seed + static_cast<std::uint64_t>(GetParam()), GetParam());
    EXPECT_TRUE(day.live(std::chrono::hours(hours))) << "RM_SEED=" << seed << "\n" << day.complaint();

    const Day::Tally& tally = day.tally();
    int deployments = 0;
    for (const auto& [outcome, count] : tally.deployments) deployments += count;
    std::cout << fmt::format(
        "{} hours: {} checks, {} of them lost; {} decisions, {} proposals, {} deployments:", hours,
        tally.checks, tally.lost_checks, tally.decisions, tally.proposals, deployments);
    for (const auto& [outcome, count] : tally.deployments)
        std::cout << fmt::format(" {} {},", count, outcome);
    for (const auto& [strategy, count] : tally.strategies)
        std::cout << fmt::format(" {} by {},", count, strategy);
    std::cout << fmt::format(
        " {} leftovers swept, {} services resumed; the controller was killed {} times, {} calls went wrong, "
        "{} "
        "accidents, {} looks\n",
        tally.swept, tally.resumed, tally.kills, tally.faults, tally.accidents, tally.looks);
    if (hours < 24) return;
    EXPECT_GT(tally.checks, 400);
    EXPECT_GT(deployments, 20);
    EXPECT_EQ(tally.strategies.size(), 3U);
    EXPECT_GT(tally.deployments.at("succeeded"), 0);
    EXPECT_GT(tally.kills, 0);
    EXPECT_GT(tally.faults, 0);
    EXPECT_GT(tally.accidents, 0);
}

INSTANTIATE_TEST_SUITE_P(ControlGroups, DayTest, testing::Values(1, 2));

}  // namespace
}  // namespace rm::app::test
