// SPDX-License-Identifier: Apache-2.0
#include "deploy/limits_update.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/deploy/picture.h"

namespace rm::deploy::test {
namespace {

using docker::LimitFields;
using testing::HasSubstr;

constexpr std::int64_t mebi = 1 << 20;

docker::Container with(const LimitFields& fields) {
    docker::Container container = test::container('a', "web-1", docker::limits_of(fields).value());
    container.limit_fields = fields;
    return container;
}

/// What is sent so that a container with `fields` gets `to`, or why that can't be done.
std::string sent(const LimitFields& fields, const Limits& to) {
    const auto next = fields_in_place(with(fields), to);
    return next ? print(update_of(in_numbers(fields), *next)) : next.error().message;
}

TEST(LimitsUpdate, sends_memory_and_swap_together_and_cpu_as_it_was_given) {
    const LimitFields nanos{.nano_cpus = 500'000'000, .memory = 512 * mebi, .memory_swap = 1024 * mebi};
    EXPECT_EQ(sent(nanos, limits("1.5", "768M")), "1.5 CPU, memory 768M, swap 1536M");
    EXPECT_EQ(sent(nanos, limits("1.5", "512M")), "1.5 CPU");
    EXPECT_EQ(sent(nanos, limits("0.5", "768M")), "memory 768M, swap 1536M");
    EXPECT_EQ(sent(nanos, limits("0.5", "512M")), "");
    const LimitFields quota{.cpu_quota = 50'000, .memory = 512 * mebi, .memory_swap = 512 * mebi};
    EXPECT_EQ(sent(quota, limits("1.5", "512M")), "quota 150000 of 100000");
    const LimitFields short_period{
        .cpu_quota = 5'000, .cpu_period = 10'000, .memory = 512 * mebi, .memory_swap = 512 * mebi};
    EXPECT_EQ(sent(short_period, limits("1.5", "512M")), "quota 15000 of 10000");
}

TEST(LimitsUpdate, keeps_what_was_said_about_swap_and_says_it_in_numbers) {
    const auto swap = [](std::int64_t before) {
        return sent({.nano_cpus = 500'000'000, .memory = 512 * mebi, .memory_swap = before},
                    limits("0.5", "256M"));
    };
    EXPECT_EQ(swap(1024 * mebi), "memory 256M, swap 512M");  // as much again
    EXPECT_EQ(swap(512 * mebi), "memory 256M, swap 256M");   // none
    EXPECT_EQ(swap(612 * mebi), "memory 256M, swap 356M");   // 100 MiB
    EXPECT_EQ(swap(-1), "memory 256M, swap 1024T");          // more than any host has
    EXPECT_EQ(swap(0), "memory 256M, swap 512M");            // what an engine makes of it
    EXPECT_EQ(swap(1024LL * 1024 * 1024 * mebi - 512 * mebi), "memory 256M, swap 1024T");  // ours
}

TEST(LimitsUpdate, lowers_the_reservation_with_the_memory_and_puts_it_back) {
    const LimitFields before{.nano_cpus = 500'000'000,
                             .memory = 512 * mebi,
                             .memory_swap = 512 * mebi,
                             .memory_reservation = 400 * mebi};
    EXPECT_EQ(sent(before, limits("0.5", "256M")), "memory 256M, swap 256M, reservation 256M");
    EXPECT_EQ(sent(before, limits("0.5", "448M")), "memory 448M, swap 448M");
    const auto after = fields_in_place(with(before), limits("0.5", "256M"));
    EXPECT_EQ(print(update_of(*after, before)), "memory 512M, swap 512M, reservation 400M");
}

TEST(LimitsUpdate, refuses_what_could_not_be_taken_back) {
    const LimitFields only_cpu{.nano_cpus = 500'000'000};
    const LimitFields only_memory{.memory = 512 * mebi, .memory_swap = 1024 * mebi};
    EXPECT_EQ(sent(only_cpu, limits("0.5", "256M")),
              "web-1 has no memory limit, and one that is set while it is there could not be taken back");
    EXPECT_EQ(sent(only_memory, limits("0.5", "512M")),
              "web-1 has no CPU limit, and one that is set while it is there could not be taken back");
    EXPECT_EQ(sent(only_cpu, {}), "the CPU limit of web-1 can't be taken away while it is there");
    EXPECT_EQ(sent(only_memory, {}), "the memory limit of web-1 can't be taken away while it is there");
}

TEST(LimitsUpdate, leaves_what_is_unlimited_alone) {
    EXPECT_EQ(sent({.nano_cpus = 500'000'000}, {.cpu = Cores::whole(1), .memory = {}}), "1 CPU");
    EXPECT_EQ(sent({.nano_cpus = 500'000'000, .memory_swap = -1}, {.cpu = Cores::whole(1), .memory = {}}),
              "1 CPU");
    EXPECT_EQ(sent({.memory = 512 * mebi, .memory_swap = 512 * mebi}, {.cpu = {}, .memory = bytes("1G")}),
              "memory 1G, swap 1G");
}

TEST(LimitsUpdate, refuses_limits_that_no_container_can_have) {
    const LimitFields now = fields(limits("0.5", "512M"));
    EXPECT_THAT(sent(now, limits("0.009", "512M")), HasSubstr("0.009 CPU is less than can be set"));
    EXPECT_THAT(sent(now, limits("0.5", "5M")), HasSubstr("5M of memory is no limit that can be set"));
    EXPECT_EQ(sent(now, limits("0.01", "6M")), "0.01 CPU, memory 6M, swap 12M");
}

TEST(LimitsUpdate, never_sends_a_zero_or_a_sign) {
    for (const std::int64_t swap : {std::int64_t{-1}, std::int64_t{0}, 512 * mebi, 1024 * mebi})
        for (const std::int64_t reservation : {std::int64_t{0}, 64 * mebi, 512 * mebi})
            for (const char* const memory : {"6M", "256M", "512M", "2G"}) {
                const LimitFields before{.nano_cpus = 500'000'000,
                                         .memory = 512 * mebi,
                                         .memory_swap = swap,
                                         .memory_reservation = reservation};
                const auto after = fields_in_place(with(before), limits("0.5", memory)).value();
                for (const docker::Update& update :
                     {update_of(in_numbers(before), after), update_of(after, in_numbers(before))}) {
                    if (update == docker::Update{}) continue;
                    ASSERT_TRUE(update.memory && update.memory_swap);
                    EXPECT_GT(*update.memory, Bytes(0));
                    EXPECT_GE(update.memory_swap, update.memory);
                    EXPECT_GT(update.memory_reservation.value_or(Bytes(1)), Bytes(0));
                    EXPECT_LE(update.memory_reservation.value_or(Bytes(0)), update.memory);
                }
            }
}

}  // namespace
}  // namespace rm::deploy::test
