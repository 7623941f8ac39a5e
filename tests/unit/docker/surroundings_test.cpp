// SPDX-License-Identifier: Apache-2.0
#include "docker/surroundings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/docker/bodies.h"

namespace rm::docker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Surroundings, tell_every_address_and_its_network) {
    const auto web =
        read_surroundings(R"({"HostConfig":{"NetworkMode":"front"},"NetworkSettings":{"Networks":{
        "front":{"IPAddress":"172.18.0.2","GlobalIPv6Address":"fd00::2"},"back":{"IPAddress":"172.19.0.2"},
        "unjoined":{"IPAddress":"","GlobalIPv6Address":""}}}})")
            .value();
    EXPECT_EQ(web.network_mode, "front");
    EXPECT_THAT(web.addresses, ElementsAre(ContainerAddress{.network = "front", .address = "172.18.0.2"},
                                           ContainerAddress{.network = "front", .address = "fd00::2"},
                                           ContainerAddress{.network = "back", .address = "172.19.0.2"}));
    EXPECT_THAT(read_surroundings(test::inspect_29).value().addresses, IsEmpty());
}

TEST(Surroundings, tell_which_mount_a_path_is_in) {
    const auto web = read_surroundings(R"({"HostConfig":{"Tmpfs":{"/run":"size=1m","/tmp/":""}},"Mounts":[
        {"Type":"volume","Name":"data","Destination":"/data"},{"Type":"tmpfs","Destination":"/data/hot"},
        {"Type":"bind","Source":"/etc/x","Destination":"/etc/one.conf"}]})")
                         .value();
    const auto found = [&](std::string_view path) {
        const MountPoint* mount = mount_of(web, path);
        return mount == nullptr ? std::string("its own")
                                : mount->target + (mount->in_memory ? " in memory" : "");
    };
    EXPECT_EQ(found("/tmp/drain"), "/tmp/ in memory");
    EXPECT_EQ(found("/run/a/drain"), "/run in memory");
    EXPECT_EQ(found("/data/drain"), "/data");
    EXPECT_EQ(found("/data/hot/drain"), "/data/hot in memory");
    EXPECT_EQ(found("/etc/one.conf"), "/etc/one.conf");
    EXPECT_EQ(found("/etc/one.conf.drain"), "its own");
    EXPECT_EQ(found("/database"), "its own");
}

TEST(Surroundings, are_not_read_from_what_is_no_container) {
    for (const std::string& body : test::hostile_bodies) EXPECT_FALSE(read_surroundings(body)) << body;
    EXPECT_FALSE(read_surroundings(R"({"Mounts":{}})"));
    EXPECT_FALSE(read_surroundings(R"({"NetworkSettings":{"Networks":{"front":{"IPAddress":7}}}})"));
    EXPECT_FALSE(read_surroundings(R"({"NetworkSettings":{"Networks":{"front":{"IPAddress":"a/b"}}}})"));
}

}  // namespace
}  // namespace rm::docker
