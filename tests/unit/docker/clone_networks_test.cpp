// SPDX-License-Identifier: Apache-2.0
// What clone() makes of networks and addresses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "docker/clone.h"
#include "tests/unit/docker/clone_documents.h"

namespace rm::docker {
namespace {

using test::as_blue;
using test::blue_document;
using test::json_of;
using testing::HasSubstr;

namespace json = boost::json;

NewContainer made_from(const json::value& document, const CloneWanted& wanted = as_blue()) {
    auto made = clone(json::serialize(document), wanted);
    if (!made) throw std::runtime_error(made.error().message);
    return *std::move(made);
}

json::value endpoints(const NewContainer& made) {
    return json_of(made.body).at_pointer("/NetworkingConfig/EndpointsConfig");
}

json::value in_two_networks() {
    json::value document = blue_document();
    document.at_pointer("/NetworkSettings/Networks").as_object()["a_back"] =
        json_of(R"({"IPAMConfig":{},"Aliases":["back","132c2488d017"],"NetworkID":"77","EndpointID":"88",
"IPAddress":"172.19.0.2","MacAddress":"02:42:ac:13:00:02","DriverOpts":{"a":"b"},"GwPriority":5})");
    return document;
}

TEST(CloneNetworks, carry_no_address_and_no_alias_that_was_the_id) {
    const json::value endpoint = endpoints(made_from(blue_document())).at("shop_default");
    EXPECT_EQ(endpoint, json_of(R"({"Aliases":["web"],"IPAMConfig":null,"Links":null,"DriverOpts":null})"));
}

TEST(CloneNetworks, are_joined_one_by_one_where_the_engine_takes_only_its_own_at_once) {
    const NewContainer made = made_from(in_two_networks());
    EXPECT_EQ(endpoints(made).as_object().size(), 1U);
    EXPECT_TRUE(endpoints(made).as_object().contains("shop_default"));
    ASSERT_EQ(made.networks.size(), 1U);
    EXPECT_EQ(made.networks[0].network, "a_back");
    EXPECT_EQ(json_of(made.networks[0].endpoint),
              json_of(R"({"IPAMConfig":{},"Aliases":["back"],"DriverOpts":{"a":"b"},"GwPriority":5})"));
}

TEST(CloneNetworks, are_all_in_the_request_since_api_1_44) {
    CloneWanted wanted = as_blue();
    wanted.api = {.major = 1, .minor = 44};
    const NewContainer made = made_from(in_two_networks(), wanted);
    EXPECT_EQ(endpoints(made).as_object().size(), 2U);
    EXPECT_TRUE(made.networks.empty());
}

TEST(CloneNetworks, know_their_own_by_its_id_too) {
    json::value document = in_two_networks();
    document.at_pointer("/HostConfig/NetworkMode") = "77";
    EXPECT_TRUE(endpoints(made_from(document)).as_object().contains("a_back"));
}

TEST(CloneNetworks, have_no_aliases_in_the_default_bridge_which_refuses_them) {
    for (const auto* const mode : {"default", "bridge", ""}) {
        json::value document = blue_document();
        document.at_pointer("/HostConfig/NetworkMode") = mode;
        document.at_pointer("/NetworkSettings/Networks") = json_of(R"({"bridge":{"Aliases":["web"]}})");
        EXPECT_EQ(endpoints(made_from(document)), json_of(R"({"bridge":{}})")) << mode;
    }
}

TEST(CloneNetworks, are_not_named_where_there_are_none) {
    for (const auto* const mode : {"host", "none"}) {
        json::value document = blue_document();
        document.at_pointer("/HostConfig/NetworkMode") = mode;
        document.at_pointer("/NetworkSettings/Networks") =
            json::object{{mode, json_of(R"({"NetworkID":"1"})")}};
        EXPECT_EQ(endpoints(made_from(document)), json::object()) << mode;
    }
}

TEST(CloneNetworks, must_have_the_one_that_the_container_was_made_in) {
    json::value document = blue_document();
    document.at_pointer("/HostConfig/NetworkMode") = "gone";
    EXPECT_THAT(test::refusal(document, as_blue()), HasSubstr("not in the network 'gone'"));
}

TEST(CloneNetworks, keep_addresses_when_the_old_container_stops_first) {
    json::value document = in_two_networks();
    const json::value address = json_of(R"({"IPv4Address":"172.18.0.9","LinkLocalIPs":["169.254.1.2"]})");
    document.at_pointer("/NetworkSettings/Networks/shop_default/IPAMConfig") = address;
    document.at_pointer("/Config").as_object()["MacAddress"] = "02:00:00:00:00:07";
    CloneWanted wanted = as_blue();
    wanted.keep_addresses = true;
    const NewContainer made = made_from(document, wanted);
    EXPECT_EQ(endpoints(made).at("shop_default").at("IPAMConfig"), address);
    EXPECT_FALSE(endpoints(made).at("shop_default").as_object().contains("MacAddress"));  // the engine's
    EXPECT_EQ(json_of(made.body).at("MacAddress"), "02:00:00:00:00:07");                  // the user's
}

}  // namespace
}  // namespace rm::docker
