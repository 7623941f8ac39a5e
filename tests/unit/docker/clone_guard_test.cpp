// SPDX-License-Identifier: Apache-2.0
#include "docker/clone_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/docker/clone_documents.h"

namespace rm::docker {
namespace {

using test::as_blue;
using test::json_of;
using testing::HasSubstr;
using testing::IsEmpty;

namespace json = boost::json;

std::string check(const json::value& document, const NewContainer& made, const CloneWanted& wanted) {
    const Status status = check_create_body(json::serialize(document), made, wanted);
    return status ? std::string() : status.error().message;
}

/// A full container and its clone, as a request.
struct Pair {
    json::value document = test::full_document();
    CloneWanted wanted = as_blue();
    NewContainer made{};

    Pair() {
        test::set(document, "/HostConfig/Mounts", json_of("[]"));
        test::set(document, "/HostConfig/Binds", json_of(R"(["data:/data"])"));
        test::set(document, "/Mounts", json_of(R"([
{"Type":"volume","Name":"data","Destination":"/data","RW":true},
{"Type":"volume","Name":"f889","Destination":"/anonymous","RW":false}])"));
        test::set(document, "/NetworkSettings/Networks/back", json_of(R"({"Aliases":["back"]})"));
        test::set(document, "/Config/Labels/com.docker.compose.container-number", "1");
        wanted.container_number = 2;
        wanted.labels = {{"resource-manager.internal.deployment", "7"}};
        wanted.limits = {.cpu = Cores::whole(1), .memory = Bytes::mebi(256)};
        make();
    }

    void make() { made = clone(json::serialize(document), wanted).value(); }

    /// What the guard says when the request has another value at `pointer`.
    [[nodiscard]] std::string with(std::string_view pointer, std::string_view value) const {
        json::value body = json_of(made.body);
        test::set(body, pointer, json_of(value));
        NewContainer other = made;
        other.body = json::serialize(body);
        return check(document, other, wanted);
    }
};

TEST(CloneGuard, lets_a_clone_pass) {
    const Pair pair;
    EXPECT_THAT(check(pair.document, pair.made, pair.wanted), IsEmpty());
}

TEST(CloneGuard, refuses_what_would_give_a_container_more_power) {
    const Pair pair;
    EXPECT_THAT(pair.with("/HostConfig/Privileged", "false"), HasSubstr("HostConfig.Privileged"));
    EXPECT_THAT(pair.with("/HostConfig/CapAdd", R"(["NET_ADMIN","SYS_ADMIN"])"),
                HasSubstr("HostConfig.CapAdd"));
    EXPECT_THAT(pair.with("/HostConfig/Binds/1", R"("/:/host")"), HasSubstr("HostConfig.Binds"));
    EXPECT_THAT(pair.with("/HostConfig/Binds/0", R"("/:/data")"), HasSubstr("HostConfig.Binds"));
    EXPECT_THAT(pair.with("/HostConfig/Mounts/1", R"({"Type":"bind","Source":"/","Target":"/host"})"),
                HasSubstr("HostConfig.Mounts"));
    EXPECT_THAT(pair.with("/HostConfig/PidMode", "null"), HasSubstr("HostConfig.PidMode"));
    EXPECT_THAT(pair.with("/HostConfig/Unheard", "1"), HasSubstr("HostConfig.Unheard"));
    EXPECT_THAT(pair.with("/HostConfig/SecurityOpt/1", R"("seccomp=unconfined")"), HasSubstr("SecurityOpt"));
    EXPECT_THAT(pair.with("/Cmd/0", R"("sh")"), HasSubstr("Config.Cmd"));
    EXPECT_THAT(pair.with("/Entrypoint/0", R"("sh")"), HasSubstr("Config.Entrypoint"));
    EXPECT_THAT(pair.with("/Env/5", R"("LD_PRELOAD=x")"), HasSubstr("Config.Env"));
    EXPECT_THAT(pair.with("/User", R"("root")"), HasSubstr("Config.User"));
    EXPECT_THAT(pair.with("/Image", R"("evil")"), HasSubstr("Config.Image"));
    EXPECT_THAT(pair.with("/Hostname", R"("x")"), HasSubstr("Config.Hostname"));
    EXPECT_THAT(pair.with("/MacAddress", R"("02:42:ac:12:00:02")"), HasSubstr("Config.MacAddress"));
}

TEST(CloneGuard, refuses_members_that_the_engine_would_take_for_others) {
    const Pair pair;
    EXPECT_THAT(pair.with("/hostconfig", R"({"Privileged":true})"), HasSubstr("the names of its members"));
    EXPECT_THAT(pair.with("/HostConfig/privileged", "true"), HasSubstr("members of HostConfig"));
    EXPECT_THAT(pair.with("/NetworkingConfig/x", "{}"), HasSubstr("NetworkingConfig"));
    EXPECT_THAT(pair.with("/HostConfig", "[]"), HasSubstr("HostConfig"));
    EXPECT_THAT(pair.with("/NetworkingConfig", "7"), HasSubstr("NetworkingConfig"));
}

TEST(CloneGuard, refuses_labels_that_are_neither_the_container_s_nor_those_wanted) {
    const Pair pair;
    EXPECT_THAT(pair.with("/Labels/a", R"("2")"), HasSubstr("Config.Labels"));
    EXPECT_THAT(pair.with("/Labels/x", R"("2")"), HasSubstr("Config.Labels"));
    EXPECT_THAT(pair.with("/Labels/resource-manager.internal.deployment", R"("8")"), HasSubstr("Labels"));
    EXPECT_THAT(pair.with("/Labels/com.docker.compose.container-number", R"("1")"), HasSubstr("Labels"));
    EXPECT_THAT(pair.with("/Labels", "null"), HasSubstr("Config.Labels"));
}

TEST(CloneGuard, refuses_limits_that_are_not_those_wanted) {
    const Pair pair;
    EXPECT_THAT(pair.with("/HostConfig/Memory", "0"), HasSubstr("HostConfig.Memory"));
    EXPECT_THAT(pair.with("/HostConfig/Memory", "67108864"), HasSubstr("HostConfig.Memory"));
    EXPECT_THAT(pair.with("/HostConfig/Memory", R"("256M")"), HasSubstr("HostConfig.Memory"));
    EXPECT_THAT(pair.with("/HostConfig/MemorySwap", "-1"), HasSubstr("HostConfig.MemorySwap"));
    EXPECT_THAT(pair.with("/HostConfig/MemorySwap", "134217728"), HasSubstr("HostConfig.MemorySwap"));
    EXPECT_THAT(pair.with("/HostConfig/MemoryReservation", "5"), HasSubstr("HostConfig.MemoryReservation"));
    EXPECT_THAT(pair.with("/HostConfig/NanoCpus", "500000000"), HasSubstr("the CPU limit"));
    EXPECT_THAT(pair.with("/HostConfig/CpuQuota", "100000"), HasSubstr("the CPU limit"));
    EXPECT_THAT(pair.with("/HostConfig/CpuPeriod", "100000"), HasSubstr("the CPU limit"));
}

TEST(CloneGuard, holds_a_quota_to_the_limit_that_is_wanted) {
    Pair pair;
    test::set(pair.document, "/HostConfig/NanoCpus", 0);
    test::set(pair.document, "/HostConfig/CpuQuota", 50'000);
    pair.make();
    EXPECT_THAT(check(pair.document, pair.made, pair.wanted), IsEmpty());
    EXPECT_THAT(pair.with("/HostConfig/CpuQuota", "100001"), HasSubstr("the CPU limit"));
    EXPECT_THAT(pair.with("/HostConfig/CpuPeriod", "50000"), HasSubstr("the CPU limit"));
    EXPECT_THAT(pair.with("/HostConfig/NanoCpus", "1000000000"), HasSubstr("the CPU limit"));
    EXPECT_THAT(pair.with("/HostConfig/CpuQuota", "-1"), HasSubstr("the CPU limit"));
}

TEST(CloneGuard, refuses_volumes_that_are_not_the_container_s) {
    const Pair pair;
    const auto pinned = [&](std::string_view value) { return pair.with("/HostConfig/Mounts/0", value); };
    EXPECT_THAT(pinned(R"({"Type":"volume","Source":"f889","Target":"/anonymous","ReadOnly":true})"),
                IsEmpty());
    EXPECT_THAT(pinned(R"({"Type":"volume","Source":"f889","Target":"/anonymous"})"), HasSubstr("Mounts"));
    EXPECT_THAT(pinned(R"({"Type":"volume","Source":"data","Target":"/anonymous","ReadOnly":true})"),
                HasSubstr("Mounts"));
    EXPECT_THAT(pinned(R"({"Type":"volume","Source":"f889","Target":"/etc","ReadOnly":true})"),
                HasSubstr("Mounts"));
    EXPECT_THAT(pair.with("/HostConfig/Mounts", "[]"), HasSubstr("the volume at /anonymous"));
}

TEST(CloneGuard, refuses_networks_that_are_not_the_container_s) {
    const Pair pair;
    constexpr std::string_view own = "/NetworkingConfig/EndpointsConfig/shop_default";
    const auto at = [&](std::string_view member) { return fmt::format("{}/{}", own, member); };
    EXPECT_THAT(pair.with("/NetworkingConfig/EndpointsConfig/other", "{}"), HasSubstr("its networks"));
    EXPECT_THAT(pair.with("/NetworkingConfig/EndpointsConfig", "{}"), HasSubstr("its networks"));
    EXPECT_THAT(pair.with(own, "7"), HasSubstr("its networks"));
    EXPECT_THAT(pair.with(at("IPAddress"), R"("172.18.0.2")"), HasSubstr("shop_default.IPAddress"));
    EXPECT_THAT(pair.with(at("MacAddress"), R"("02:42:ac:12:00:02")"), HasSubstr("shop_default.MacAddress"));
    EXPECT_THAT(pair.with(at("IPAMConfig"), R"({"IPv4Address":"172.18.0.9"})"), HasSubstr("IPAMConfig"));
    EXPECT_THAT(pair.with(at("Aliases"), R"(["web"])"), HasSubstr("Aliases"));
    EXPECT_THAT(pair.with(at("Aliases/3"), R"("132c2488d017")"), HasSubstr("Aliases"));
    EXPECT_THAT(pair.with(at("Links"), R"(["other:db","cache"])"), HasSubstr("Links"));
    EXPECT_THAT(pair.with(at("GwPriority"), "7"), HasSubstr("GwPriority"));
}

TEST(CloneGuard, looks_at_the_networks_that_are_joined_afterwards_too) {
    const Pair pair;
    const auto with = [&](std::vector<NetworkToJoin> networks) {
        NewContainer other = pair.made;
        other.networks = std::move(networks);
        return check(pair.document, other, pair.wanted);
    };
    EXPECT_THAT(with({{.network = "back", .endpoint = R"({"Aliases":["back"]})"}}), IsEmpty());
    EXPECT_THAT(with({}), HasSubstr("its networks"));
    EXPECT_THAT(with({{.network = "host", .endpoint = "{}"}}), HasSubstr("its networks"));
    EXPECT_THAT(with({{.network = "back", .endpoint = "{}"}}), HasSubstr("the network back.Aliases"));
    EXPECT_THAT(with({{.network = "back", .endpoint = R"({"Aliases":["back"],"IPAddress":"1.2.3.4"})"}}),
                HasSubstr("the network back.IPAddress"));
    EXPECT_FALSE(with({{.network = "back", .endpoint = "{"}}).empty());
}

TEST(CloneGuard, lets_links_change_their_form_only) {
    const Pair pair;
    EXPECT_THAT(pair.with("/HostConfig/Links", R"(["shop_db_1:db","lone:lone"])"), IsEmpty());
    for (const auto* const links : {R"(["shop_db_1:b","lone:lone"])", R"(["shop_db:db","lone:lone"])", "[]",
                                    "null", R"(["lone:lone","shop_db_1:db"])", R"(["db","lone:lone"])"})
        EXPECT_THAT(pair.with("/HostConfig/Links", links), HasSubstr("HostConfig.Links")) << links;
}

TEST(CloneGuard, never_repeats_a_value) {
    const Pair pair;
    const std::string says = pair.with("/Env/0", R"("PASSWORD=hunter2")");
    EXPECT_THAT(says, HasSubstr("Config.Env"));
    EXPECT_THAT(says, testing::Not(HasSubstr("hunter2")));
}

TEST(CloneGuard, holds_the_rest_to_what_is_wanted) {
    Pair pair;
    NewContainer other = pair.made;
    other.name = "other";
    EXPECT_THAT(check(pair.document, other, pair.wanted), HasSubstr("the name"));
    other = pair.made;
    other.body = "{";
    EXPECT_THAT(check(pair.document, other, pair.wanted), HasSubstr("not JSON"));
    pair.wanted.restart = RestartRule{.policy = RestartPolicy::always};
    EXPECT_THAT(check(pair.document, pair.made, pair.wanted), HasSubstr("HostConfig.RestartPolicy"));
    pair.wanted.image = "sha256:9f6e";
    EXPECT_THAT(check(pair.document, pair.made, pair.wanted), HasSubstr("Config.Image"));
}

}  // namespace
}  // namespace rm::docker
