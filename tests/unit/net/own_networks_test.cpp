// SPDX-License-Identifier: Apache-2.0
#include "net/own_networks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::net {
namespace {

using testing::Contains;

TEST(OwnNetworks, the_loopback_is_one_of_them) {
    EXPECT_THAT(own_networks().value(), Contains(Subnet{.address = "127.0.0.1", .prefix = 8}));
}

TEST(OwnNetworks, contain_their_neighbours_and_nobody_else) {
    const Subnet bridge{.address = "172.18.0.1", .prefix = 16};
    EXPECT_TRUE(contains(bridge, "172.18.0.1"));
    EXPECT_TRUE(contains(bridge, "172.18.255.254"));
    EXPECT_FALSE(contains(bridge, "172.19.0.1"));
    EXPECT_FALSE(contains(bridge, "10.18.0.1"));
    const Subnet odd{.address = "10.0.0.130", .prefix = 25};
    EXPECT_TRUE(contains(odd, "10.0.0.255"));
    EXPECT_FALSE(contains(odd, "10.0.0.127"));
    const Subnet point{.address = "10.8.0.2", .prefix = 32};
    EXPECT_TRUE(contains(point, "10.8.0.2"));
    EXPECT_FALSE(contains(point, "10.8.0.3"));
    EXPECT_TRUE(contains({.address = "10.8.0.2", .prefix = 0}, "192.168.1.1"));
}

TEST(OwnNetworks, of_version_6_contain_their_own_kind) {
    const Subnet six{.address = "fd00:1::1", .prefix = 64};
    EXPECT_TRUE(contains(six, "fd00:1::abcd"));
    EXPECT_FALSE(contains(six, "fd00:2::1"));
    EXPECT_FALSE(contains(six, "172.18.0.1"));
    EXPECT_FALSE(contains({.address = "0.0.0.0", .prefix = 0}, "fd00:1::1"));
}

TEST(OwnNetworks, contain_nothing_that_is_no_address) {
    const Subnet all{.address = "0.0.0.0", .prefix = 0};
    for (const char* text : {"", "web", "1.2.3", "1.2.3.4.5", "::"})
        EXPECT_FALSE(contains(all, text)) << text;
    EXPECT_FALSE(contains({.address = "web", .prefix = 8}, "1.2.3.4"));
    EXPECT_FALSE(contains({.address = "1.2.3.4", .prefix = 33}, "1.2.3.4"));
}

}  // namespace
}  // namespace rm::net
