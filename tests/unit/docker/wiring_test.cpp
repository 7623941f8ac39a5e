// SPDX-License-Identifier: Apache-2.0
#include "docker/wiring.h"

#include <string>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/docker/clone_documents.h"

namespace rm::docker {
namespace {

using test::blue_document;
using test::json_of;
using test::set;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Result<Wiring> wiring_of(const boost::json::value& document) {
    return read_wiring(boost::json::serialize(document));
}

TEST(ReadWiring, a_plain_container_is_tied_to_nothing) {
    const Wiring wiring = wiring_of(blue_document()).value();
    EXPECT_EQ(wiring.name, "shop_web_1");
    EXPECT_EQ(wiring.network_mode, "shop_default");
    EXPECT_THAT(wiring.ports, IsEmpty());
    EXPECT_THAT(wiring.addresses, IsEmpty());
    EXPECT_THAT(wiring.mounts, IsEmpty());
    EXPECT_THAT(wiring.links, IsEmpty());
    EXPECT_FALSE(wiring.auto_remove);
    EXPECT_FALSE(wiring.of_swarm);
}

TEST(ReadWiring, tells_all_that_ties_a_container) {
    boost::json::value document = blue_document();
    set(document, "/HostConfig/PortBindings",
        json_of(
            R"({"80/tcp":[{"HostIp":"","HostPort":"8080"},{"HostIp":"::","HostPort":""}],"81/tcp":null})"));
    set(document, "/HostConfig/VolumesFrom", json_of(R"(["data:ro","0123456789ab"])"));
    set(document, "/HostConfig/Links", json_of(R"(["/shop_db_1:/shop_web_1/db"])"));
    set(document, "/HostConfig/IpcMode", "container:x");
    set(document, "/HostConfig/PidMode", "host");
    set(document, "/Config/MacAddress", "02:42:00:00:00:01");
    set(document, "/NetworkSettings/Networks/shop_default/Links", json_of(R"(["shop_cache_1:cache"])"));
    set(document, "/NetworkSettings/Networks/shop_default/IPAMConfig",
        json_of(R"({"IPv4Address":"172.18.0.9","LinkLocalIPs":["169.254.1.1"]})"));
    const Wiring wiring = wiring_of(document).value();
    EXPECT_THAT(wiring.ports, ElementsAre(PublishedPort{.inside = "80/tcp", .host = "8080"},
                                          PublishedPort{.inside = "80/tcp", .host = ""}));
    EXPECT_THAT(wiring.volumes_from, ElementsAre("data", "0123456789ab"));
    EXPECT_THAT(wiring.links, ElementsAre("shop_db_1", "shop_cache_1"));
    EXPECT_EQ(wiring.ipc_mode, "container:x");
    EXPECT_EQ(wiring.pid_mode, "host");
    EXPECT_EQ(wiring.mac_address, "02:42:00:00:00:01");
    EXPECT_THAT(wiring.addresses,
                ElementsAre(FixedAddress{.network = "shop_default", .address = "172.18.0.9"},
                            FixedAddress{.network = "shop_default", .address = "169.254.1.1"}));
}

TEST(ReadWiring, mounts_are_told_by_what_others_know_them_as) {
    boost::json::value document = blue_document();
    set(document, "/Mounts", json_of(R"([
{"Type":"volume","Name":"data","Source":"/var/lib/docker/volumes/data/_data","Destination":"/data","RW":true},
{"Type":"bind","Source":"/etc/app","Destination":"/etc/app","RW":false},
{"Type":"tmpfs","Source":"","Destination":"/run","RW":true}])"));
    EXPECT_THAT(
        wiring_of(document).value().mounts,
        ElementsAre(
            MountedPlace{.source = "data", .target = "/data", .is_volume = true, .writable = true},
            MountedPlace{.source = "/etc/app", .target = "/etc/app", .is_volume = false, .writable = false}));
}

TEST(ReadWiring, what_is_not_as_it_must_be_is_an_error_that_names_it) {
    boost::json::value document = blue_document();
    set(document, "/Mounts", json_of(R"([{"Type":"volume","Name":1}])"));
    EXPECT_THAT(wiring_of(document).error().message, HasSubstr("Name"));
    document.as_object().erase("HostConfig");
    EXPECT_THAT(wiring_of(document).error().message, HasSubstr("HostConfig is missing"));
    EXPECT_FALSE(read_wiring("[]"));
}

TEST(WiringUses, another_container_is_meant_by_its_name_its_id_and_a_long_beginning_of_that) {
    const Wiring used = wiring_of(blue_document()).value();
    Wiring user = used;
    for (const std::string& name :
         {std::string("shop_web_1"), used.id.full(), used.id.full().substr(0, 12)}) {
        user.network_mode = "container:" + name;
        EXPECT_THAT(uses_of(user, used), ElementsAre("uses the network of")) << name;
    }
    for (const std::string& name : {std::string("shop_web"), used.id.full().substr(0, 11), std::string()}) {
        user.network_mode = "container:" + name;
        EXPECT_THAT(uses_of(user, used), IsEmpty()) << name;
    }
    user.network_mode = "shop_web_1";
    EXPECT_THAT(uses_of(user, used), IsEmpty()) << "a network of that name";
}

}  // namespace
}  // namespace rm::docker
