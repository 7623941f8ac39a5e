// SPDX-License-Identifier: Apache-2.0
#include "decide/summary.h"

#include <gtest/gtest.h>

#include "tests/unit/decide/situation.h"

namespace rm::decide::test {
namespace {

TEST(Summary, tells_the_shares_where_nothing_is_wished) {
    Situation web;
    web.use(0.42, 0.55);
    EXPECT_EQ(web.look().summary, "within thresholds: CPU 42%, memory 55%");
}

TEST(Summary, tells_both_changes_of_one_adjustment) {
    Situation web;
    web.use(0.1, 0.95);
    EXPECT_EQ(web.lasting().summary,
              "CPU 0.5 -> 0.38: below 30% in 3 of 3 checks (10% of 0.5); memory 512M -> 640M: above 80% in 3 "
              "of 3 checks (95% of 512M)");
}

TEST(Summary, tells_how_long_where_it_was_longer_than_needed) {
    Situation web;
    web.use(0.9, 0.5);
    EXPECT_EQ(web.checks(7).summary, "CPU 0.5 -> 0.63: above 80% in 7 checks in a row (90% of 0.5)");
}

TEST(Summary, is_the_reason_of_the_proposal) {
    Situation web;
    web.use(0.9, 0.5);
    const Verdict verdict = web.lasting();
    EXPECT_EQ(verdict.summary, verdict.proposal.value().reason);
}

}  // namespace
}  // namespace rm::decide::test
