// SPDX-License-Identifier: Apache-2.0
#include "deploy/lease_keeper.h"

#include <gtest/gtest.h>

#include "tests/unit/deploy/shop.h"

namespace rm::deploy::test {
namespace {

using namespace std::chrono_literals;

class LeaseKeeperTest : public testing::Test {
protected:
    VirtualClock clock;
    Shop shop{clock};
    LeaseKeeper ours{*shop.store, clock, {.name = "we"}, 30s};
    LeaseKeeper theirs{*shop.store, clock, {.name = "they"}, 30s};
};

TEST_F(LeaseKeeperTest, one_of_two_has_it_and_the_other_knows_who) {
    EXPECT_FALSE(ours.holds());
    EXPECT_TRUE(ours.renew("engine"));
    EXPECT_FALSE(theirs.renew("engine"));
    EXPECT_TRUE(ours.holds());
    EXPECT_EQ(ours.trouble(), "");
    EXPECT_EQ(theirs.trouble(), "we deploys on this engine");
}

TEST_F(LeaseKeeperTest, who_does_not_renew_it_stops_believing_in_it_before_another_gets_it) {
    ASSERT_TRUE(ours.renew("engine"));
    clock.advance(26s);
    EXPECT_FALSE(ours.holds());
    EXPECT_FALSE(theirs.renew("engine"));
    clock.advance(4s);
    EXPECT_TRUE(theirs.renew("engine"));
    EXPECT_FALSE(ours.renew("engine"));
}

TEST_F(LeaseKeeperTest, renewed_in_time_it_stays) {
    ASSERT_TRUE(ours.renew("engine"));
    for (int i = 0; i < 20; ++i) {
        clock.advance(ours.renewal());
        ASSERT_TRUE(ours.renew("engine"));
        ASSERT_FALSE(theirs.renew("engine"));
    }
}

TEST_F(LeaseKeeperTest, a_wall_clock_that_jumps_back_does_not_make_it_last_longer) {
    ASSERT_TRUE(ours.renew("engine"));
    clock.jump_wall(-1h);
    clock.advance(26s);
    EXPECT_FALSE(ours.holds());
}

TEST_F(LeaseKeeperTest, a_store_that_is_away_for_a_moment_does_not_end_it) {
    ASSERT_TRUE(ours.renew("engine"));
    shop.store->cancel();
    clock.advance(10s);
    EXPECT_TRUE(ours.renew("engine"));
    clock.advance(16s);
    EXPECT_FALSE(ours.renew("engine"));
    EXPECT_NE(ours.trouble(), "");
}

TEST_F(LeaseKeeperTest, given_up_it_is_free_at_once) {
    ASSERT_TRUE(ours.renew("engine"));
    ours.give_up();
    EXPECT_FALSE(ours.holds());
    EXPECT_TRUE(theirs.renew("engine"));
}

TEST_F(LeaseKeeperTest, who_was_killed_is_followed_at_once_by_whoever_knows_that) {
    bool killed = false;
    LeaseKeeper first{*shop.store, clock, {.name = "first", .process = "boot/1/2"}, 30s};
    LeaseKeeper next{
        *shop.store, clock, {.name = "next", .process = "boot/3/4"}, 30s, [&](std::string_view process) {
            return killed && process == "boot/1/2";
        }};
    ASSERT_TRUE(first.renew("engine"));
    EXPECT_FALSE(next.renew("engine"));
    EXPECT_EQ(next.trouble(), "first deploys on this engine");
    killed = true;
    EXPECT_FALSE(theirs.renew("engine"));
    EXPECT_TRUE(next.renew("engine"));
    EXPECT_FALSE(first.renew("engine"));
    EXPECT_EQ(first.trouble(), "next deploys on this engine");
}

TEST_F(LeaseKeeperTest, a_holder_that_does_not_say_which_process_it_is_counts_as_alive) {
    LeaseKeeper next{*shop.store, clock, {.name = "next"}, 30s, [](std::string_view) { return true; }};
    ASSERT_TRUE(ours.renew("engine"));
    EXPECT_FALSE(next.renew("engine"));
}

TEST_F(LeaseKeeperTest, each_engine_has_its_own) {
    EXPECT_TRUE(ours.renew("one"));
    EXPECT_TRUE(theirs.renew("another"));
}

}  // namespace
}  // namespace rm::deploy::test
