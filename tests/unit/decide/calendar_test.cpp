// SPDX-License-Identifier: Apache-2.0
#include "decide/calendar.h"

#include <gtest/gtest.h>

#include "tests/unit/decide/situation.h"

namespace rm::decide::test {
namespace {

TEST(Calendar, a_day_starts_at_the_zones_midnight) {
    EXPECT_EQ(local_day("UTC", at("2026-03-10", 0ms)), "2026-03-10");
    EXPECT_EQ(local_day("UTC", at("2026-03-10", -1ms)), "2026-03-09");
    EXPECT_EQ(local_day("Asia/Tokyo", at("2026-03-10", 15h)), "2026-03-11");
    EXPECT_EQ(local_day("America/New_York", at("2026-03-10", 3h + 59min)), "2026-03-09");
    EXPECT_EQ(local_day("America/New_York", at("2026-03-10", 4h)), "2026-03-10");
}

TEST(Calendar, knows_the_time_of_day_on_both_sides_of_a_clock_change) {
    const auto time = [](std::string_view day, Duration utc) {
        return config::print(local_time("Europe/Berlin", at(day, utc)).value().time);
    };
    EXPECT_EQ(time("2026-03-29", 59min), "01:59");
    EXPECT_EQ(time("2026-03-29", 1h), "03:00");
    EXPECT_EQ(time("2026-10-25", 59min), "02:59");
    EXPECT_EQ(time("2026-10-25", 1h), "02:00");
}

TEST(Calendar, does_not_know_what_the_host_does_not) {
    EXPECT_FALSE(local_time("Mars/Olympus", at("2026-03-10", 0ms)));
    EXPECT_FALSE(local_time("", at("2026-03-10", 0ms)));
    EXPECT_EQ(local_day("Mars/Olympus", at("2026-03-10", 23h)), "2026-03-10");
    EXPECT_TRUE(local_time("Europe/Berlin", at("2026-03-10", 0ms)));
}

TEST(Calendar, tells_a_time_for_people) {
    const WallTime now = at("2026-03-10", 10h);
    EXPECT_EQ(print_when("UTC", now + 1h + 5min, now), "11:05");
    EXPECT_EQ(print_when("UTC", now + 14h, now), "2026-03-11 00:00");
    EXPECT_EQ(print_when("Asia/Tokyo", now, now), "19:00");
}

TEST(Calendar, finds_the_next_time_of_day) {
    const auto next = [](std::string_view zone, std::string_view day, Duration utc) {
        return next_time(std::string(zone), {0min}, at(day, utc));
    };
    EXPECT_EQ(next("UTC", "2026-03-10", 10h), at("2026-03-11", 0h));
    EXPECT_EQ(next("UTC", "2026-03-10", 0h), at("2026-03-11", 0h));
    EXPECT_EQ(next("Europe/Berlin", "2026-03-28", 23h), at("2026-03-29", 22h));  // a day of 23 hours
    EXPECT_EQ(next("Europe/Berlin", "2026-10-24", 22h), at("2026-10-25", 23h));  // a day of 25
}

TEST(Calendar, shortens_a_duration_upwards) {
    EXPECT_EQ(print_short(11min + 1ms), "12m");
    EXPECT_EQ(print_short(59s), "59s");
    EXPECT_EQ(print_short(2h + 4min + 10s), "2h5m");
    EXPECT_EQ(print_short(-1s), "0s");
}

}  // namespace
}  // namespace rm::decide::test
