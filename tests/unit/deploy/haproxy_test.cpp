// SPDX-License-Identifier: Apache-2.0
// What is said to HAProxy; haproxy_lab_test.cpp says the same to a real one.
#include "deploy/haproxy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/lab/socket_double.h"
#include "tests/unit/deploy/haproxy_script.h"
#include "tests/unit/deploy/stage_set.h"

namespace rm::deploy::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Haproxy : public testing::Test {
protected:
    Haproxy() {
        script.set("web1", {.address = "172.18.0.2"});
        script.set("web2", {.address = "172.18.0.3"});
        haproxy.socket = config::Url(fmt::format("tcp://127.0.0.1:{}", peer->port()));
        haproxy.backend = "web";
    }

    HaproxyScript script;
    std::unique_ptr<lab::SocketDouble> peer =
        lab::SocketDouble::start({}, [this](const std::string& line) { return script.answer(line); }).value();
    config::Haproxy haproxy;
    const std::vector<std::string> blue{"172.18.0.2", "10.0.0.2"};
    const std::vector<std::string> green{"172.18.0.3"};
};

TEST_F(Haproxy, is_told_to_drain_the_server_at_the_container_s_address) {
    EXPECT_EQ(told(drain_in_haproxy(haproxy, blue, {})), "ok: web/web1 in HAProxy");
    EXPECT_EQ(script.admin("web1"), 8U);
    EXPECT_EQ(script.admin("web2"), 0U);
    EXPECT_THAT(peer->lines(), ElementsAre("show servers state web", "set server web/web1 state drain",
                                           "show servers state web"));
    EXPECT_EQ(told(drain_in_haproxy(haproxy, blue, {})), "ok: web/web1 in HAProxy");  // again
    EXPECT_EQ(told(undrain_in_haproxy(haproxy, blue, {})), "ok: web/web1 in HAProxy");
    EXPECT_EQ(script.admin("web1"), 0U);
}

TEST_F(Haproxy, may_have_a_container_more_than_once) {
    script.set("web3", {.address = "172.18.0.2"});
    EXPECT_EQ(told(drain_in_haproxy(haproxy, blue, {})), "ok: web/web1, web/web3 in HAProxy");
    EXPECT_EQ(script.admin("web3"), 8U);
}

TEST_F(Haproxy, that_does_not_know_the_container_is_an_error) {
    EXPECT_EQ(told(drain_in_haproxy(haproxy, {"172.18.0.7", "10.0.0.7"}, {})),
              "not_found: HAProxy's backend 'web' has no server at 172.18.0.7 or 10.0.0.7");
    EXPECT_EQ(told(undrain_in_haproxy(haproxy, {}, {})),
              "not_found: the container has no address by which HAProxy could know it");
    haproxy.backend = "api";
    EXPECT_EQ(told(drain_in_haproxy(haproxy, blue, {})), "invalid: HAProxy says: 'Can't find backend.'");
}

TEST_F(Haproxy, is_not_taken_at_its_word) {
    script.ignore_commands();
    EXPECT_EQ(told(drain_in_haproxy(haproxy, blue, {})),
              "unavailable: HAProxy took the command, and web1 is not drained all the same");
}

TEST_F(Haproxy, gets_no_command_out_of_a_name) {
    haproxy.backend = "web; shutdown sessions server web/web1";
    EXPECT_THAT(told(drain_in_haproxy(haproxy, blue, {})), StartsWith("invalid: "));
    EXPECT_TRUE(peer->lines().empty());
    haproxy.backend = "web";
    script.set("a;b", {.address = "172.18.0.9"});
    EXPECT_THAT(told(drain_in_haproxy(haproxy, {"172.18.0.9"}, {})), StartsWith("invalid: "));
    EXPECT_THAT(peer->lines(), Not(Contains(HasSubstr(";"))));
}

TEST_F(Haproxy, says_when_green_gets_requests) {
    EXPECT_EQ(told(serves_in_haproxy(haproxy, green, {})), "ok: web/web2 in HAProxy");
    script.set("web2", {.address = "172.18.0.3", .state = 0});
    EXPECT_EQ(told(serves_in_haproxy(haproxy, green, {})),
              "unavailable: HAProxy does not send requests to web/web2 yet");
    script.set("web2", {.address = "172.18.0.3", .admin = 0x01});
    EXPECT_THAT(told(serves_in_haproxy(haproxy, green, {})), StartsWith("unavailable: "));
    script.set("web2", {.address = "-", .admin = 0x20});
    EXPECT_THAT(told(serves_in_haproxy(haproxy, green, {})), StartsWith("not_found: "));
}

TEST_F(Haproxy, gives_green_no_slot_that_is_drained_still) {
    script.set("web2", {.address = "172.18.0.3", .admin = 0x08});
    EXPECT_EQ(told(serves_in_haproxy(haproxy, green, {})), "ok: web/web2 in HAProxy");
    EXPECT_EQ(script.admin("web2"), 0U);
}

TEST_F(Haproxy, holds_the_slots_that_stand_for_no_container_and_no_others) {
    script.set("web2", {.address = "-", .state = 0, .admin = 0x20});
    ASSERT_TRUE(hold_slots(haproxy, {}));
    EXPECT_EQ(script.weight("web1"), 1);
    EXPECT_EQ(script.weight("web2"), 0);
    script.set("web2", {.address = "172.18.0.3", .weight = 0});  // somebody's, green's or another replica's
    ASSERT_TRUE(free_slots(haproxy, {}, Slots::without_address));
    EXPECT_EQ(script.weight("web2"), 0);
    EXPECT_EQ(told(serves_in_haproxy(haproxy, green, {})), "ok: web/web2 in HAProxy");
    EXPECT_EQ(script.weight("web2"), 1);
}

TEST_F(Haproxy, frees_the_slots_that_stand_for_no_container_and_no_others) {
    script.set("web2", {.address = "172.18.0.3", .state = 0, .admin = 0x28});
    script.set("web3", {.address = "172.18.0.4", .state = 0, .admin = 0x08});
    ASSERT_TRUE(free_slots(haproxy, {}));
    EXPECT_EQ(script.admin("web2"), 0x20U);
    EXPECT_EQ(script.admin("web3"), 0x08U);
}

TEST(HaproxyAnswer, of_another_version_is_read_by_its_header) {
    const auto servers = read_haproxy_servers(
        "1\n# srv_admin_state be_name new srv_name srv_op_state srv_addr\n0 web x one 2 10.0.0.1\r\n"
        "45 web x two 0 -\n\n");
    EXPECT_THAT(
        servers.value(),
        ElementsAre(HaproxyServer{.name = "one", .address = "10.0.0.1", .runs = true},
                    HaproxyServer{
                        .name = "two", .address = "-", .drained = true, .closed = true, .unresolved = true}));
}

TEST(HaproxyAnswer, that_is_none_is_an_error) {
    for (const char* odd : {"", "2\n# x\n", "1\n", "1\nsrv_name\n", "1\n# srv_name srv_addr\na b\n",
                            "1\n# srv_name srv_addr srv_op_state srv_admin_state\na b c d\n",
                            "1\n# srv_name srv_addr srv_op_state srv_admin_state\na b 2\n"})
        EXPECT_FALSE(read_haproxy_servers(odd)) << odd;
    EXPECT_EQ(read_haproxy_servers("Permission denied\n\n").error().code, ErrorCode::permission);
}

TEST(HaproxyAnswer, that_does_not_come_is_an_error) {
    const config::Haproxy away{.socket = config::Url("unix:///nowhere/admin.sock"), .backend = "web"};
    EXPECT_EQ(told(drain_in_haproxy(away, {"10.0.0.1"}, {})),
              "unavailable: HAProxy: unix:///nowhere/admin.sock: No such file or directory");
}

}  // namespace
}  // namespace rm::deploy::test
