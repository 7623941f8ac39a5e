// SPDX-License-Identifier: Apache-2.0
#include "docker/timestamp.h"

#include <chrono>
#include <string_view>

#include <gtest/gtest.h>

namespace rm::docker {
namespace {

using namespace std::chrono_literals;

WallTime at(int year, unsigned month, unsigned day) {
    return WallTime(
        std::chrono::sys_days(std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day)));
}

TEST(Timestamp, is_exact_to_the_nanosecond) {
    EXPECT_EQ(parse_timestamp("2026-01-02T03:04:05Z").value(), at(2026, 1, 2) + 3h + 4min + 5s);
    EXPECT_EQ(parse_timestamp("2026-01-02T03:04:05.000000001Z").value(),
              at(2026, 1, 2) + 3h + 4min + 5s + 1ns);
    EXPECT_EQ(parse_timestamp("2024-02-29T23:59:59.9Z").value(), at(2024, 2, 29) + 24h - 100ms);
}

TEST(Timestamp, knows_zones) {
    EXPECT_EQ(parse_timestamp("2026-01-02T03:00:00+02:00").value(), at(2026, 1, 2) + 1h);
    EXPECT_EQ(parse_timestamp("2026-01-02T03:00:00.5-05:30").value(), at(2026, 1, 2) + 8h + 30min + 500ms);
}

TEST(Timestamp, the_first_day_of_year_one_is_never) {
    EXPECT_EQ(parse_timestamp("0001-01-01T00:00:00Z").value(), std::nullopt);
}

TEST(Timestamp, anything_else_is_refused) {
    for (const std::string_view text : {"",
                                        "2026",
                                        "2026-01-02",
                                        "2026-01-02T03:04:05",
                                        "2026-1-2T03:04:05Z",
                                        "2026-02-30T00:00:00Z",
                                        "2026-13-01T00:00:00Z",
                                        "2026-01-02T24:00:00Z",
                                        "2026-01-02T03:60:00Z",
                                        "2026-01-02T03:04:60Z",
                                        "2026-01-02T03:04:05.Z",
                                        "2026-01-02T03:04:05.0000000001Z",
                                        "2026-01-02T03:04:05Zx",
                                        "2026-01-02 03:04:05Z",
                                        "2026-01-02T03:04:05+2:00",
                                        "0002-01-01T00:00:00Z",
                                        "2262-01-01T00:00:00Z",
                                        "9999-12-31T23:59:59Z",
                                        "-026-01-02T03:04:05Z",
                                        "2026-01-02t03:04:05z"})
        EXPECT_FALSE(parse_timestamp(text)) << text;
}

TEST(Timestamp, is_written_as_since_takes_it) {
    EXPECT_EQ(print_seconds(WallTime(1767323045s + 7ns)), "1767323045.000000007");
    EXPECT_EQ(print_seconds(from_nanos(1'500'000'000)), "1.500000000");
    EXPECT_EQ(print_seconds(WallTime(-500ms)), "-1.500000000");
}

TEST(Timestamp, is_printed_as_the_engine_writes_it) {
    for (const char* text : {"2026-01-02T03:04:05.678901234Z", "1970-01-01T00:00:00.000000000Z",
                             "1969-12-31T23:59:59.999999999Z", "2024-02-29T12:00:00.500000000Z"})
        EXPECT_EQ(print_timestamp(parse_timestamp(text).value().value()), text);
}

}  // namespace
}  // namespace rm::docker
