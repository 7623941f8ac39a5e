// SPDX-License-Identifier: Apache-2.0
#include "config/values.h"

#include <gtest/gtest.h>

namespace rm::config {
namespace {

using namespace std::chrono_literals;

TEST(Url, is_printed_without_its_password) {
    EXPECT_EQ(print(Url("postgresql://me:hunter2@host/db")), "postgresql://me:***@host/db");
    EXPECT_EQ(print(Url("http://me:a:c@host:1/x")), "http://me:***@host:1/x");
    EXPECT_EQ(print(Url("postgresql:///db?user=me&password=hunter2&x=1")),
              "postgresql:///db?user=me&password=***&x=1");
    EXPECT_EQ(fmt::format("{}", Url("http://me@host:80/a:b")), "http://me@host:80/a:b");
    EXPECT_EQ(print(Url("sqlite:a@b")), "sqlite:a@b");
}

TEST(DailyWindow, may_go_over_midnight) {
    const DailyWindow night{.from = {22h}, .to = {2h}};
    EXPECT_TRUE(night.contains({23h}));
    EXPECT_TRUE(night.contains({22h}));
    EXPECT_TRUE(night.contains({0min}));
    EXPECT_FALSE(night.contains({2h}));
    EXPECT_FALSE(night.contains({12h}));
    const DailyWindow noon{.from = {12h}, .to = {13h}};
    EXPECT_TRUE(noon.contains({12h + 59min}));
    EXPECT_FALSE(noon.contains({13h}));
    EXPECT_EQ(print(night), "22:00-02:00");
}

TEST(Reserve, is_an_amount_or_a_share_of_the_host) {
    EXPECT_EQ(amount_of(Reserve<Cores>{Cores::whole(1)}, Cores::whole(8)), Cores::whole(1));
    EXPECT_EQ(amount_of(Reserve<Cores>{Ratio(0.25)}, Cores::whole(8)), Cores::whole(2));
    EXPECT_EQ(amount_of(Reserve<Bytes>{Bytes(7)}, Bytes(100)), Bytes(7));
}

}  // namespace
}  // namespace rm::config
