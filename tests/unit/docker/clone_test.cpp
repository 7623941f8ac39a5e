// SPDX-License-Identifier: Apache-2.0
#include "docker/clone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/docker/clone_documents.h"

namespace rm::docker {
namespace {

using test::as_blue;
using test::blue_document;
using test::body_of;
using test::Field;
using test::json_of;
using test::refusal;
using testing::HasSubstr;
using testing::StartsWith;

namespace json = boost::json;

constexpr std::string_view endpoint_at = "/NetworkingConfig/EndpointsConfig/shop_default";

class EveryField : public testing::TestWithParam<Field> {
protected:
    /// What became of the field in a request made from `document`.
    static json::value in_request(const json::value& document) {
        const Field field = GetParam();
        const json::value body = body_of(document, as_blue());
        if (field.part == "Config") return body.as_object().at(field.name);
        const auto* const part = field.part == "HostConfig" ? "/HostConfig" : endpoint_at.data();
        return body.at_pointer(part).as_object().at(field.name);
    }

    static json::value expected() {
        return json_of(GetParam().changed.empty() ? GetParam().value : GetParam().changed);
    }
};

TEST_P(EveryField, that_a_user_can_set_is_kept) {
    json::value document = blue_document();
    place_of(document, GetParam()) = json_of(GetParam().value);
    EXPECT_EQ(in_request(document), expected());
}

TEST_P(EveryField, is_kept_when_all_are_set) {
    EXPECT_EQ(in_request(test::full_document()), expected());
}

INSTANTIATE_TEST_SUITE_P(Clone, EveryField, testing::ValuesIn(test::fields()), [](const auto& one) {
    return fmt::format("{}_{}", one.param.part, one.param.name);
});

TEST(Clone, has_the_name_and_the_number_that_are_wanted) {
    CloneWanted wanted = as_blue();
    wanted.container_number = 2;
    const auto made = clone(json::serialize(blue_document()), wanted);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->name, "shop_web_2");
    const json::value body = json_of(made->body);
    EXPECT_EQ(body.at_pointer("/Labels/com.docker.compose.container-number"), "2");
    EXPECT_EQ(body.at_pointer("/Labels/com.docker.compose.config-hash"), "ab12");
    EXPECT_EQ(body.at_pointer("/Labels/traefik.enable"), "true");
}

TEST(Clone, gets_no_number_where_there_was_none) {
    json::value document = blue_document();
    document.at_pointer("/Config/Labels") = json_of(R"({"a":"b"})");
    CloneWanted wanted = as_blue();
    wanted.container_number = 2;
    EXPECT_EQ(body_of(document, wanted).at("Labels"), json_of(R"({"a":"b"})"));
}

TEST(Clone, carries_our_notes_and_not_those_of_the_last_time) {
    json::value document = blue_document();
    document.at_pointer("/Config/Labels") =
        json_of(R"({"a":"b","resource-manager.enable":"true","resource-manager.internal.old":"1"})");
    CloneWanted wanted = as_blue();
    wanted.labels = {{"resource-manager.internal.deployment", "7"}};
    EXPECT_EQ(
        body_of(document, wanted).at("Labels"),
        json_of(R"({"a":"b","resource-manager.enable":"true","resource-manager.internal.deployment":"7"})"));
}

TEST(Clone, takes_the_image_by_its_id_when_the_name_moved_on) {
    CloneWanted wanted = as_blue();
    wanted.image = "sha256:9f6e";
    EXPECT_EQ(body_of(blue_document(), wanted).at("Image"), "sha256:9f6e");
}

TEST(Clone, gets_back_the_restart_policy_that_was_set_aside) {
    json::value document = blue_document();
    document.at_pointer("/HostConfig/RestartPolicy/Name") = "no";
    CloneWanted wanted = as_blue();
    wanted.restart = RestartRule{.policy = RestartPolicy::on_failure, .maximum_retries = 3};
    EXPECT_EQ(body_of(document, wanted).at_pointer("/HostConfig/RestartPolicy"),
              json_of(R"({"Name":"on-failure","MaximumRetryCount":3})"));
}

TEST(Clone, keeps_members_that_are_not_known_yet_with_every_digit) {
    constexpr std::string_view news =
        R"({"Deep":[{"Big":18446744073709551615,"Low":-9223372036854775808,"Part":0.1,"Tiny":5e-324,
"Pi":3.141592653589793,"Odd":9007199254740993}]})";
    json::value document = test::full_document();
    for (const auto* const part : {"/Config", "/HostConfig", "/NetworkSettings/Networks/shop_default"})
        document.at_pointer(part).as_object()["Future"] = json_of(news);
    const json::value body = body_of(document, as_blue());
    EXPECT_EQ(body.at("Future"), json_of(news));
    EXPECT_EQ(body.at_pointer("/HostConfig/Future"), json_of(news));
    EXPECT_EQ(body.at_pointer(endpoint_at).at("Future"), json_of(news));
}

TEST(Clone, has_a_host_name_of_its_own_unless_one_was_given) {
    json::value document = blue_document();
    EXPECT_FALSE(body_of(document, as_blue()).as_object().contains("Hostname"));
    document.at_pointer("/Config/Hostname") = "132c2488d01";
    EXPECT_EQ(body_of(document, as_blue()).at("Hostname"), "132c2488d01");
    document.at_pointer("/HostConfig/UTSMode") = "host";  // refused by the engine, with a host name
    EXPECT_FALSE(body_of(document, as_blue()).as_object().contains("Hostname"));
}

TEST(Clone, names_nothing_that_belongs_to_the_container_whose_network_it_uses) {
    json::value document = blue_document();
    document.at_pointer("/HostConfig/NetworkMode") = "container:" + std::string(64, 'a');
    document.at_pointer("/NetworkSettings/Networks") = json::object();
    document.at_pointer("/Config/Hostname") = "other";
    document.at_pointer("/Config/Domainname") = "example.org";
    const json::value body = body_of(document, as_blue());
    for (const auto* const name : {"Hostname", "Domainname", "ExposedPorts"})
        EXPECT_FALSE(body.as_object().contains(name)) << name;
    EXPECT_EQ(body.at_pointer("/NetworkingConfig/EndpointsConfig"), json::object());
}

TEST(Clone, has_no_entrypoint_where_the_image_s_was_taken_away) {
    json::value document = blue_document();
    for (const auto* const none : {"null", "[]"}) {
        document.at_pointer("/Config/Entrypoint") = json_of(none);
        EXPECT_EQ(body_of(document, as_blue()).at("Entrypoint"), json_of(R"([""])"));
    }
}

TEST(Clone, is_refused_without_changing_anything_it_does_not_understand) {
    const auto with = [](std::string_view at, std::string_view value) {
        json::value document = blue_document();
        test::set(document, at, json_of(value));
        return refusal(document, as_blue());
    };
    EXPECT_THAT(with("/Platform", R"("windows")"), StartsWith("unsupported: containers of Windows"));
    EXPECT_THAT(with("/Id", R"("../../x")"), StartsWith("protocol: "));
    EXPECT_THAT(with("/HostConfig", "{}"), HasSubstr("HostConfig is missing"));
    EXPECT_THAT(with("/Config", "null"), HasSubstr("Config is missing"));
    EXPECT_THAT(with("/Config/HostConfig", "{}"), HasSubstr("Config has a member HostConfig"));
    EXPECT_THAT(with("/Config/MacAddress", R"("02:42:ac:12:00:02")"), HasSubstr("Config.MacAddress"));
    EXPECT_THAT(with("/HostConfig/Memory", R"("64M")"), HasSubstr("HostConfig: Memory"));
    EXPECT_THAT(with("/HostConfig/Memory", "1e400"), StartsWith("protocol: "));
    EXPECT_THAT(with("/HostConfig/Links", R"(["/a"])"), HasSubstr("HostConfig.Links: '/a' is not a link"));
    EXPECT_THAT(with("/HostConfig/Binds", "[7]"), testing::IsEmpty());  // no volume depends on it
    EXPECT_THAT(with("/Mounts", R"([{"Type":"volume","Destination":"/data"}])"),
                HasSubstr("Name is missing"));
    EXPECT_THAT(with("/NetworkSettings/Networks/shop_default/Links", R"([7])"), HasSubstr("'shop_default'"));
    EXPECT_THAT(with("/NetworkSettings/Networks/shop_default/IPAMConfig", R"({"IPv4Address":"172.18.0.9"})"),
                HasSubstr("network 'shop_default': IPAMConfig: two containers can't have the address"));
}

TEST(Clone, is_refused_for_what_can_t_be_wanted) {
    const auto with = [](auto change) {
        CloneWanted wanted = as_blue();
        change(wanted);
        return refusal(blue_document(), wanted);
    };
    EXPECT_THAT(with([](auto& wanted) { wanted.name = "../x"; }), StartsWith("invalid: "));
    EXPECT_THAT(with([](auto& wanted) { wanted.labels = {{"com.docker.compose.project", "x"}}; }),
                StartsWith("invalid: the label 'com.docker.compose.project' is not ours"));
    EXPECT_THAT(with([](auto& wanted) { wanted.limits.memory = Bytes::mebi(5); }), StartsWith("invalid: 5M"));
    EXPECT_THAT(with([](auto& wanted) { wanted.limits.cpu = Cores(); }), StartsWith("invalid: 0 CPU"));
}

TEST(Clone, of_what_is_no_container_is_an_error) {
    for (const auto* const text : {"", "null", "[]", "{}", "{\"Id\":", "<html>"})
        EXPECT_FALSE(clone(text, as_blue())) << text;
}

}  // namespace
}  // namespace rm::docker
