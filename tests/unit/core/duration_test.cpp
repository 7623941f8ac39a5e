// SPDX-License-Identifier: Apache-2.0
#include "core/duration.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/core/rejected.h"

namespace rm {
namespace {

using namespace std::chrono_literals;

TEST(Duration, reads_what_people_write) {
    EXPECT_EQ(parse_duration("30m"), Duration(30min));
    EXPECT_EQ(parse_duration("1h30m"), Duration(90min));
    EXPECT_EQ(parse_duration("1.5h"), Duration(90min));
    EXPECT_EQ(parse_duration("7d"), Duration(168h));
    EXPECT_EQ(parse_duration("250ms"), Duration(250ms));
    EXPECT_EQ(parse_duration("1m1ms"), Duration(60'001ms));
    EXPECT_EQ(parse_duration("0s"), Duration::zero());
}

TEST(Duration, a_plain_number_is_seconds) {
    EXPECT_EQ(parse_duration("600"), Duration(10min));
    EXPECT_EQ(parse_duration("0.5"), Duration(500ms));
}

TEST(Duration, prints_compactly) {
    EXPECT_EQ(print(Duration(90min)), "1h30m");
    EXPECT_EQ(print(Duration(168h)), "168h");
    EXPECT_EQ(print(Duration(1500ms)), "1s500ms");
    EXPECT_EQ(print(Duration::zero()), "0s");
}

TEST(Duration, rejects_what_people_do_not_mean) {
    for (const auto* text :
         {"", "s", "-5m", "5 m", "5m5h", "5m5m", "1h30", "5x", "5M", "010", "1e3", "0.0001s", "5mss",
          "999999999999999999d", "1d1d", "300000000000d99999999999999h"})
        test::expect_rejected(parse_duration(text), text);
}

RC_GTEST_PROP(Duration, parse_reads_back_what_print_writes, ()) {
    const Duration duration(*rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 55));
    RC_ASSERT(parse_duration(print(duration)) == duration);
}

}  // namespace
}  // namespace rm
