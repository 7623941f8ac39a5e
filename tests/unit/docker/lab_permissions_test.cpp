// SPDX-License-Identifier: Apache-2.0
// What a real engine says to questions about nothing, through real proxies.
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "docker/permissions.h"
#include "tests/lab/require.h"
#include "tests/lab/socket_proxy.h"
#include "tests/unit/docker/lab_peer.h"

namespace rm::docker {
namespace {

using namespace test;
using lab::must;

TEST(LabPermissions, are_those_that_the_proxy_gives) {
    RM_LAB_REQUIRE(engine, haproxy);
    struct Allowed {
        std::set<std::string> on;
        std::set<std::string> lacking;
    };
    const std::string replacing = "replacing containers (blue_green, recreate)";
    const std::string in_place = "changing limits in place";
    const std::string host = "knowing what the host has";
    const std::string networks = "replacing containers that are in several networks";
    const std::string file = "draining by a file";
    const std::string programs = "running programs in containers (health and drain by command)";
    const std::vector<Allowed> cases{
        {.on = {"CONTAINERS", "POST", "IMAGES", "INFO", "NETWORKS", "EXEC"}, .lacking = {}},
        {.on = {"CONTAINERS", "POST", "IMAGES", "INFO"}, .lacking = {networks, programs}},
        {.on = {"CONTAINERS", "POST", "INFO", "NETWORKS", "EXEC"}, .lacking = {replacing}},
        {.on = {"CONTAINERS"}, .lacking = {replacing, in_place, host, networks, file, programs}}};
    for (const Allowed& allowed : cases) {
        const auto proxy = must(lab::SocketProxy::start(lab_engine(), {.on = allowed.on}));
        const auto engine = connect(proxy.host());
        const Permissions found = must(find_permissions(*engine, {}));
        std::set<std::string> lacking;
        for (const Lack& lack : found.lacks) lacking.insert(std::string(to_string(lack.feature)));
        EXPECT_EQ(lacking, allowed.lacking) << testing::PrintToString(allowed.on);
        EXPECT_EQ(found.may_deploy(), allowed.on.contains("POST"));
    }
    const auto engine = connect(lab_engine().host());
    EXPECT_THAT(must(find_permissions(*engine, {})).lacks, testing::IsEmpty());
    for (const auto& one : must(engine->list({})))
        EXPECT_NE(one.name, "resource-manager-asks-for-permission");
}

}  // namespace
}  // namespace rm::docker
