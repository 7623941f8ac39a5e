// SPDX-License-Identifier: Apache-2.0
#include "docker/limit_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::docker {
namespace {

constexpr std::int64_t mebi = 1 << 20;

LimitFields changed(const LimitFields& now, const Limits& wanted) {
    const auto fields = with_limits(now, wanted);
    if (!fields) ADD_FAILURE() << fields.error().message;
    return fields.value_or(LimitFields());
}

Limits cpu(std::int64_t thousandths) {
    return {.cpu = Cores::from_nanos(thousandths * 1'000'000), .memory = {}};
}

Limits memory(std::int64_t mebis) {
    return {.cpu = {}, .memory = Bytes::mebi(mebis)};
}

std::string refusal(const LimitFields& now, const Limits& wanted) {
    const auto fields = with_limits(now, wanted);
    return fields ? "none" : std::string(to_string(fields.error().code));
}

TEST(LimitFields, limit_cpu_in_the_way_that_was_used_before) {
    EXPECT_EQ(changed({}, cpu(1500)).nano_cpus, 1'500'000'000);
    EXPECT_EQ(changed({.nano_cpus = 1}, cpu(250)).nano_cpus, 250'000'000);
    EXPECT_EQ(changed({.cpu_quota = 50'000}, cpu(1500)), (LimitFields{.cpu_quota = 150'000}));
    EXPECT_EQ(changed({.cpu_quota = 50'000, .cpu_period = 20'000}, cpu(500)),
              (LimitFields{.cpu_quota = 10'000, .cpu_period = 20'000}));
    EXPECT_EQ(changed({.cpu_period = 50'000}, cpu(500)),
              (LimitFields{.cpu_quota = 25'000, .cpu_period = 50'000}));
}

TEST(LimitFields, use_the_usual_period_where_a_short_one_has_no_quota_so_small) {
    EXPECT_EQ(changed({.cpu_quota = 5'000, .cpu_period = 10'000}, cpu(50)),
              (LimitFields{.cpu_quota = 5'000, .cpu_period = 100'000}));
}

TEST(LimitFields, that_are_already_so_stay_to_the_last_digit) {
    const LimitFields odd{.cpu_quota = 33'333,
                          .cpu_period = 77'777,
                          .memory = 100 * mebi + 1,
                          .memory_swap = 300 * mebi,
                          .memory_reservation = 7};
    const Limits same{.cpu = Cores::from_nanos(std::int64_t{33'333} * 1'000'000'000 / 77'777),
                      .memory = Bytes(100 * mebi + 1)};
    EXPECT_EQ(changed(odd, same), odd);
    const LimitFields tiny{.cpu_quota = 1'000, .cpu_period = 1'000'000};  // less than we would set
    EXPECT_EQ(changed(tiny, cpu(1)), tiny);
}

TEST(LimitFields, can_be_taken_away) {
    const LimitFields all{
        .nano_cpus = 5, .memory = 64 * mebi, .memory_swap = 128 * mebi, .memory_reservation = 32 * mebi};
    EXPECT_EQ(changed(all, {}), (LimitFields{.memory_reservation = 32 * mebi}));
    EXPECT_EQ(changed({.cpu_quota = 5'000, .cpu_period = 50'000}, {}), (LimitFields{.cpu_period = 50'000}));
    EXPECT_EQ(changed({.cpu_quota = -1}, {}), (LimitFields{.cpu_quota = -1}));
}

TEST(LimitFields, keep_what_was_said_about_swap) {
    const auto swap = [](std::int64_t before, std::int64_t with_swap, std::int64_t wanted) {
        const LimitFields now{.memory = before * mebi, .memory_swap = with_swap < 0 ? -1 : with_swap * mebi};
        const std::int64_t result = changed(now, memory(wanted)).memory_swap;
        return result < 0 ? result : result / mebi;
    };
    EXPECT_EQ(swap(64, 128, 256), 512);  // as much as memory: the engine's default
    EXPECT_EQ(swap(64, 64, 256), 256);   // none
    EXPECT_EQ(swap(64, 64, 32), 32);
    EXPECT_EQ(swap(64, -1, 256), -1);    // unlimited
    EXPECT_EQ(swap(64, 164, 256), 356);  // 100 MiB
    EXPECT_EQ(swap(64, 0, 256), 0);      // left to the engine
    EXPECT_EQ(swap(0, 0, 256), 0);
}

TEST(LimitFields, lower_the_reservation_to_the_memory) {
    const LimitFields now{.memory = 64 * mebi, .memory_swap = 128 * mebi, .memory_reservation = 48 * mebi};
    EXPECT_EQ(changed(now, memory(32)).memory_reservation, 32 * mebi);
    EXPECT_EQ(changed(now, memory(128)).memory_reservation, 48 * mebi);
}

TEST(LimitFields, refuse_what_no_engine_takes) {
    EXPECT_EQ(refusal({}, memory(5)), "invalid");
    EXPECT_EQ(refusal({}, {.cpu = {}, .memory = Bytes(std::numeric_limits<std::int64_t>::max())}), "invalid");
    EXPECT_EQ(refusal({}, cpu(0)), "invalid");
    EXPECT_EQ(refusal({}, cpu(-5)), "invalid");
    EXPECT_EQ(refusal({}, cpu(9)), "invalid");
    EXPECT_EQ(refusal({}, cpu(10)), "none");
    EXPECT_EQ(refusal({}, {.cpu = Cores::from_nanos(std::numeric_limits<std::int64_t>::max()), .memory = {}}),
              "invalid");
}

TEST(LimitFields, refuse_a_container_that_contradicts_itself) {
    EXPECT_EQ(refusal({.nano_cpus = 5, .cpu_quota = 5}, cpu(500)), "protocol");
    EXPECT_EQ(refusal({.cpu_period = -1}, cpu(500)), "protocol");
    EXPECT_EQ(refusal({.memory_swap = 5}, memory(64)), "protocol");
    EXPECT_EQ(refusal({.memory = 64 * mebi, .memory_swap = 5}, memory(64)), "protocol");
    EXPECT_EQ(refusal({.memory = -64}, memory(64)), "protocol");
    EXPECT_EQ(refusal({.memory = 1, .memory_swap = std::numeric_limits<std::int64_t>::max()}, memory(64)),
              "protocol");
}

}  // namespace
}  // namespace rm::docker
