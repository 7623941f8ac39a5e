// SPDX-License-Identifier: Apache-2.0
#include "core/cores.h"

#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/core/rejected.h"

namespace rm {
namespace {

TEST(Cores, reads_cores_and_millicores) {
    EXPECT_EQ(Cores::parse("1.5").value().nanos(), 1'500'000'000);
    EXPECT_EQ(Cores::parse(".5").value().nanos(), 500'000'000);
    EXPECT_EQ(Cores::parse("500m").value().nanos(), 500'000'000);
    EXPECT_EQ(Cores::parse("0.5m").value().nanos(), 500'000);
    EXPECT_EQ(Cores::parse("0").value(), Cores());
    EXPECT_EQ(Cores::parse("0.000000001").value().nanos(), 1);
}

TEST(Cores, prints_the_shortest_decimal) {
    EXPECT_EQ(print(Cores::whole(2)), "2");
    EXPECT_EQ(print(Cores::from_nanos(1'500'000'000)), "1.5");
    EXPECT_EQ(print(Cores::from_nanos(1)), "0.000000001");
    EXPECT_EQ(print(Cores()), "0");
}

TEST(Cores, has_a_value_for_arithmetic) {
    EXPECT_DOUBLE_EQ(Cores::from_nanos(250'000'000).value(), 0.25);
}

TEST(Cores, rejects_what_people_do_not_mean) {
    for (const auto* text : {"", "m", "-1", "+1", "1e3", "010", "1.", ".", "1.5.1", "1 m", "1M",
                             "0.0000000001", "inf", "10000000000", "1.5\t", "0x1"})
        test::expect_rejected(Cores::parse(text), text);
}

RC_GTEST_PROP(Cores, parse_reads_back_what_print_writes, ()) {
    const Cores cores = Cores::from_nanos(*rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 59));
    RC_ASSERT(Cores::parse(print(cores)) == cores);
}

}  // namespace
}  // namespace rm
