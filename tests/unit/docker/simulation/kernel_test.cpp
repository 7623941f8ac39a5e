// SPDX-License-Identifier: Apache-2.0
// The figures are those that a real kernel and runtime gave.
#include "docker/simulation/kernel.h"

#include <gtest/gtest.h>

#include "tests/unit/docker/simulation/mebibyte.h"

namespace rm::docker {
namespace {

KernelLimits with_memory(std::int64_t memory, std::int64_t both) {
    return {.memory = memory * mebibyte, .memory_and_swap = both * mebibyte};
}

/// The message of the refusal, or what the limits are then.
Result<KernelLimits> after(const KernelLimits& present, const SimulatedResources& sent, std::int64_t used = 0,
                           int version = 1) {
    return limits_after(present, sent, Bytes(used * mebibyte), version);
}

TEST(KernelLimits, a_container_without_limits_has_none) {
    const auto limits = limits_at_start({}).value();
    EXPECT_EQ(limits, KernelLimits());
    EXPECT_EQ(limits.cpu(), std::nullopt);
}

TEST(KernelLimits, nano_cpus_become_a_quota_in_microseconds) {
    const auto limits = limits_at_start({.nano_cpus = 123'456'789}).value();
    EXPECT_EQ(limits.cpu_quota, 12'345);
    EXPECT_EQ(limits.cpu(), Cores::from_nanos(123'450'000));
    EXPECT_EQ(limits_at_start({.nano_cpus = 10'000'000})->cpu(), Cores::from_nanos(10'000'000));
}

TEST(KernelLimits, nano_cpus_that_round_to_nothing_change_nothing) {
    EXPECT_EQ(limits_at_start({.nano_cpus = 1000})->cpu(), std::nullopt);
    EXPECT_EQ(after({.cpu_quota = 50'000}, {.nano_cpus = 1000})->cpu_quota, 50'000);
}

TEST(KernelLimits, a_quota_below_a_millisecond_is_refused) {
    EXPECT_EQ(limits_at_start({.nano_cpus = 5'000'000}).error().code, ErrorCode::conflict);
    EXPECT_EQ(after({}, {.nano_cpus = 9'999'999}).error().code, ErrorCode::conflict);
}

TEST(KernelLimits, quota_and_period_are_taken_as_they_are) {
    EXPECT_EQ(limits_at_start({.cpu_quota = 30'000, .cpu_period = 50'000})->cpu(),
              Cores::from_nanos(600'000'000));
    EXPECT_EQ(after({.cpu_quota = 30'000}, {.cpu_quota = -1})->cpu(), std::nullopt);
}

TEST(KernelLimits, memory_is_whole_pages) {
    EXPECT_EQ(limits_at_start({.memory = 152'428'800, .memory_swap = 200'000'000}).value(),
              (KernelLimits{.memory = 152'428'544, .memory_and_swap = 199'999'488}));
}

TEST(KernelLimits, a_swap_of_minus_one_is_never_written) {
    EXPECT_EQ(limits_at_start({.memory = 64 * mebibyte, .memory_swap = -1})->memory_and_swap,
              KernelLimits::unlimited);
    const auto raised = after(with_memory(200, 400), {.memory = 300 * mebibyte, .memory_swap = -1});
    EXPECT_EQ(raised.value(), with_memory(300, 400));
    const auto again = after(*raised, {.memory = 500 * mebibyte, .memory_swap = -1});
    EXPECT_EQ(again.error().code, ErrorCode::conflict);
    EXPECT_NE(again.error().message.find("memory.limit_in_bytes: invalid argument"), std::string::npos);
    EXPECT_EQ(after(*raised, {.memory = 500 * mebibyte, .memory_swap = 500 * mebibyte}).value(),
              with_memory(500, 500));
}

TEST(KernelLimits, the_swap_of_version_2_does_not_bind_the_memory) {
    EXPECT_EQ(after(with_memory(300, 400), {.memory = 500 * mebibyte, .memory_swap = -1}, 0, 2)->memory,
              500 * mebibyte);
}

TEST(KernelLimits, both_go_up_and_down_together) {
    EXPECT_EQ(after(with_memory(64, 64), {.memory = 128 * mebibyte, .memory_swap = 128 * mebibyte}).value(),
              with_memory(128, 128));
    EXPECT_EQ(after(with_memory(128, 128), {.memory = 64 * mebibyte, .memory_swap = 64 * mebibyte}).value(),
              with_memory(64, 64));
    EXPECT_EQ(after(with_memory(400, 400), {.memory_swap = 300 * mebibyte}).error().code,
              ErrorCode::conflict);
}

TEST(KernelLimits, less_than_is_in_use_is_refused_under_version_1_alone) {
    const SimulatedResources less{.memory = 50 * mebibyte, .memory_swap = 50 * mebibyte};
    const auto refused = after(with_memory(200, 400), less, 100);
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    EXPECT_NE(
        refused.error().message.find("unable to set memory limit to 52428800 (current usage: 104857600"),
        std::string::npos);
    EXPECT_EQ(after(with_memory(200, 400), less, 100, 2).value(), with_memory(50, 50));
}

}  // namespace
}  // namespace rm::docker
