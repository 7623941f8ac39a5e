// SPDX-License-Identifier: Apache-2.0
#include "store/leases.h"

#include <gtest/gtest.h>

#include "tests/unit/store/place.h"

namespace rm::store {
namespace {

using namespace std::chrono_literals;

class LeasesContract : public SchemaContractTest {
protected:
    [[nodiscard]] std::string taken_by(std::string_view holder) {
        const auto lease = take_lease(*database, "engine:one", holder, clock.now().wall, 30s);
        EXPECT_TRUE(lease) << lease.error().message;
        return lease ? lease->holder : "";
    }
};

TEST_P(LeasesContract, the_first_has_it_and_others_learn_who_that_is) {
    EXPECT_EQ(taken_by("a"), "a");
    EXPECT_EQ(taken_by("b"), "a");
    const auto other = take_lease(*database, "engine:two", "b", clock.now().wall, 30s);
    ASSERT_TRUE(other);
    EXPECT_EQ(other->holder, "b");
}

TEST_P(LeasesContract, who_renews_it_keeps_it) {
    EXPECT_EQ(taken_by("a"), "a");
    for (int i = 0; i < 3; ++i) {
        clock.advance(20s);
        EXPECT_EQ(taken_by("a"), "a");
        EXPECT_EQ(taken_by("b"), "a");
    }
}

TEST_P(LeasesContract, one_that_was_not_renewed_goes_to_whoever_comes) {
    EXPECT_EQ(taken_by("a"), "a");
    clock.advance(29s);
    EXPECT_EQ(taken_by("b"), "a");
    clock.advance(1s);
    EXPECT_EQ(taken_by("b"), "b");
    EXPECT_EQ(taken_by("a"), "b");
}

TEST_P(LeasesContract, one_whose_holder_is_gone_goes_to_whoever_names_it) {
    EXPECT_EQ(taken_by("a"), "a");
    const auto instead_of = [&](std::string_view ended) {
        const auto lease = take_lease(*database, "engine:one", "b", clock.now().wall, 30s, ended);
        EXPECT_TRUE(lease) << lease.error().message;
        return lease ? lease->holder : "";
    };
    EXPECT_EQ(instead_of("c"), "a");
    EXPECT_EQ(instead_of("a"), "b");
    EXPECT_EQ(taken_by("a"), "b");
}

TEST_P(LeasesContract, one_that_is_given_up_is_free_at_once_also_at_the_very_end) {
    EXPECT_EQ(taken_by("a"), "a");
    EXPECT_TRUE(give_up_lease(*database, "engine:one", "b"));
    EXPECT_EQ(taken_by("b"), "a");
    database->cancel();
    ASSERT_TRUE(give_up_lease(*database, "engine:one", "a"));
    open(schema());
    EXPECT_EQ(taken_by("b"), "b");
}

INSTANTIATE_TEST_SUITE_P(Stores, LeasesContract, testing::Values(Backend::sqlite, Backend::postgres),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace rm::store
