// SPDX-License-Identifier: Apache-2.0
// What clone() makes of volumes: both containers must have the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "docker/clone.h"
#include "tests/unit/docker/clone_documents.h"

namespace rm::docker {
namespace {

using test::as_blue;
using test::json_of;

namespace json = boost::json;

json::value mounted(std::string_view binds, std::string_view mounts, std::string_view shown) {
    json::value document = test::blue_document();
    document.at_pointer("/HostConfig/Binds") = json_of(binds);
    document.at_pointer("/HostConfig").as_object()["Mounts"] = json_of(mounts);
    document.at_pointer("/Mounts") = json_of(shown);
    return test::body_of(document, as_blue()).at("HostConfig");
}

constexpr std::string_view anonymous =
    R"([{"Type":"volume","Name":"f889","Source":"/var/lib/docker/volumes/f889/_data",
"Destination":"/data","Driver":"local","Mode":"","RW":true,"Propagation":""}])";

TEST(CloneVolumes, of_the_image_get_their_names) {
    EXPECT_EQ(mounted("null", "null", anonymous).at("Mounts"),
              json_of(R"([{"Type":"volume","Source":"f889","Target":"/data"}])"));
}

TEST(CloneVolumes, that_can_only_be_read_stay_so) {
    const auto shown =
        R"([{"Type":"volume","Name":"f889","Destination":"/data","RW":false},{"Type":"bind","Destination":"/b"}])";
    EXPECT_EQ(mounted("null", "null", shown).at("Mounts"),
              json_of(R"([{"Type":"volume","Source":"f889","Target":"/data","ReadOnly":true}])"));
}

TEST(CloneVolumes, without_a_name_in_mounts_get_it_there) {
    const auto given = R"([{"Type":"tmpfs","Target":"/t"},
{"Type":"volume","Target":"/data/","VolumeOptions":{"NoCopy":true}}])";
    EXPECT_EQ(mounted("null", given, anonymous).at("Mounts"), json_of(R"([{"Type":"tmpfs","Target":"/t"},
{"Type":"volume","Target":"/data/","VolumeOptions":{"NoCopy":true},"Source":"f889"}])"));
}

TEST(CloneVolumes, without_a_name_in_binds_get_it_there) {
    const json::value host = mounted(R"(["/data","/srv:/srv"])", "null", anonymous);
    EXPECT_EQ(host.at("Binds"), json_of(R"(["f889:/data","/srv:/srv"])"));
    EXPECT_EQ(host.at("Mounts"), json::value());
}

TEST(CloneVolumes, with_a_name_stay_as_they_are) {
    const auto shown = R"([{"Type":"volume","Name":"data","Destination":"/data","RW":true},
{"Type":"volume","Name":"logs","Destination":"/logs","RW":true}])";
    const auto mounts = R"([{"Type":"volume","Source":"logs","Target":"/logs"}])";
    const json::value host = mounted(R"(["data:/data/./:rw"])", mounts, shown);
    EXPECT_EQ(host.at("Binds"), json_of(R"(["data:/data/./:rw"])"));
    EXPECT_EQ(host.at("Mounts"), json_of(mounts));
}

}  // namespace
}  // namespace rm::docker
