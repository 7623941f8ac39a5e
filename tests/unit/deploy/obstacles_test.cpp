// SPDX-License-Identifier: Apache-2.0
// What stands in the way of each strategy, in words.
#include "tests/unit/deploy/preflights.h"

namespace rm::deploy::test {
namespace {

using config::Strategy;
using docker::test::json_of;
using docker::test::set;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Obstacles : public Preflights {};

TEST_F(Obstacles, a_port_of_the_host_belongs_to_one_container) {
    set(document, "/HostConfig/PortBindings", json_of(R"({"8080/tcp":[{"HostIp":"","HostPort":"80"}]})"));
    expect_not_twice("shop_web_1 publishes the host's port 80 (for 8080/tcp)");
    set(document, "/HostConfig/PortBindings", json_of(R"({"8080/tcp":[{"HostPort":"80-80"}]})"));
    expect_not_twice("port 80-80");
}

TEST_F(Obstacles, a_port_that_the_engine_picks_is_no_obstacle) {
    for (const auto* port : {"", "0", "8000-8010"}) {
        const boost::json::value binding{{"HostIp", ""}, {"HostPort", port}};
        set(document, "/HostConfig/PortBindings", {{"8080/tcp", boost::json::array{binding}}});
        EXPECT_EQ(chosen(), "blue_green") << port;
    }
    set(document, "/HostConfig/PortBindings", json_of(R"({"8080/tcp":null})"));
    EXPECT_EQ(chosen(), "blue_green");
}

TEST_F(Obstacles, the_hosts_network_has_room_for_one) {
    set(document, "/HostConfig/NetworkMode", "host");
    set(document, "/NetworkSettings/Networks", json_of(R"({"host":{"IPAMConfig":null,"Links":null}})"));
    expect_not_twice("shop_web_1 uses the network of the host");
}

TEST_F(Obstacles, who_uses_the_network_of_another_container_can_be_there_once) {
    set(document, "/HostConfig/NetworkMode", boost::json::string("container:" + std::string(64, 'd')));
    set(document, "/NetworkSettings/Networks", json_of("{}"));
    set(document, "/Config/Hostname", "");
    document.at_pointer("/Config").as_object().erase("ExposedPorts");
    expect_not_twice("uses the network of another container");
}

TEST_F(Obstacles, a_fixed_address_can_be_had_once) {
    set(document, "/NetworkSettings/Networks/shop_default/IPAMConfig",
        json_of(R"({"IPv4Address":"172.18.0.9"})"));
    expect_not_twice("shop_web_1 has the fixed address 172.18.0.9 in the network shop_default");
    set(document, "/NetworkSettings/Networks/shop_default/IPAMConfig",
        json_of(R"({"IPv6Address":"fd00::9"})"));
    expect_not_twice("fd00::9");
}

TEST_F(Obstacles, volumes_that_are_written_to_are_not_shared_unless_that_is_allowed) {
    set(document, "/Mounts", json_of(R"([{"Type":"volume","Name":"shop_data","Source":"/var/lib/x",
"Destination":"/data","Driver":"local","Mode":"z","RW":true,"Propagation":""}])"));
    set(document, "/HostConfig/Binds", json_of(R"(["shop_data:/data:rw"])"));
    expect_not_twice("writes to the volume shop_data at /data");
    policy.deployment.share_volumes = true;
    EXPECT_EQ(chosen(), "blue_green");
}

TEST_F(Obstacles, an_anonymous_volume_is_told_by_the_beginning_of_its_name) {
    const std::string name(64, 'b');
    set(document, "/Mounts",
        boost::json::array{{{"Type", "volume"},
                            {"Name", name},
                            {"Source", "/var/lib/docker/volumes/" + name + "/_data"},
                            {"Destination", "/cache"},
                            {"Driver", "local"},
                            {"Mode", ""},
                            {"RW", true},
                            {"Propagation", ""}}});
    set(document, "/Config/Volumes", json_of(R"({"/cache":{}})"));
    expect_not_twice("writes to the anonymous volume bbbbbbbbbbbb at /cache");
}

TEST_F(Obstacles, folders_count_as_volumes_and_what_is_only_read_does_not) {
    set(document, "/HostConfig/Binds", json_of(R"(["/srv/www:/www:rw"])"));
    set(document, "/Mounts", json_of(R"([{"Type":"bind","Source":"/srv/www","Destination":"/www","Mode":"rw",
"RW":true,"Propagation":"rprivate"}])"));
    expect_not_twice("writes to the folder /srv/www at /www");
    set(document, "/HostConfig/Binds", json_of(R"(["/srv/www:/www:ro"])"));
    set(document, "/Mounts/0/RW", false);
    set(document, "/Mounts/0/Mode", "ro");
    EXPECT_EQ(chosen(), "blue_green");
}

TEST_F(Obstacles, a_socket_is_there_for_many) {
    set(document, "/HostConfig/Binds", json_of(R"(["/var/run/docker.sock:/var/run/docker.sock:rw"])"));
    set(document, "/Mounts", json_of(R"([{"Type":"bind","Source":"/var/run/docker.sock",
"Destination":"/var/run/docker.sock","Mode":"rw","RW":true,"Propagation":"rprivate"}])"));
    EXPECT_EQ(chosen(), "blue_green");
}

TEST_F(Obstacles, without_a_health_check_nobody_could_tell_whether_a_new_one_works) {
    document.at_pointer("/Config").as_object().erase("Healthcheck");
    document.at_pointer("/State").as_object().erase("Health");
    expect_not_replaced("shop_web_1 has no health check");
    EXPECT_THAT(why(), HasSubstr("deployment.health says how else to know"));
    policy.deployment.health = {.by = config::HealthBy::running};
    EXPECT_EQ(chosen(), "blue_green");
}

TEST_F(Obstacles, a_probe_that_comes_too_late_is_as_good_as_none) {
    set(document, "/Config/Healthcheck/Interval", std::int64_t{300} * 1'000'000'000);
    expect_not_replaced("probed for the first time after 5m, when deployment.health_timeout of 2m is over");
}

TEST_F(Obstacles, a_start_interval_brings_the_first_probe_forward) {
    set(document, "/Config/Healthcheck/Interval", std::int64_t{300} * 1'000'000'000);
    set(document, "/Config/Healthcheck/StartPeriod", std::int64_t{60} * 1'000'000'000);
    set(document, "/Config/Healthcheck/StartInterval", std::int64_t{2} * 1'000'000'000);
    EXPECT_EQ(chosen(), "blue_green");
}

TEST_F(Obstacles, whose_network_others_use_is_changed_as_it_is) {
    docker::Wiring sidecar = other("shop_vpn_1");
    sidecar.network_mode = "container:132c2488d017f7050f099c1515400f7a2175cf1f10672e64378a847a04690e61";
    others = {other("shop_db_1"), sidecar};
    expect_not_replaced("shop_vpn_1 uses the network of shop_web_1, and would lose it");
}

TEST_F(Obstacles, links_and_shared_volumes_memory_and_processes_are_uses_too) {
    docker::Wiring user = other("old");
    user.links = {"shop_web_1"};
    user.volumes_from = {"132c2488d017"};
    user.ipc_mode = "container:shop_web_1";
    user.pid_mode = "container:shop_web_1";
    others = {user};
    EXPECT_THAT(against(Strategy::blue_green),
                ElementsAre("old shares memory with shop_web_1, and would lose it",
                            "old sees the processes of shop_web_1, and would lose it",
                            "old has the volumes of shop_web_1, and would lose it",
                            "old is linked to shop_web_1, and would lose it"));
    EXPECT_EQ(chosen(), "in_place");
}

TEST_F(Obstacles, a_container_that_could_not_be_looked_at_may_be_a_user) {
    unseen = {"odd"};
    expect_not_replaced("odd could not be looked at, and might use shop_web_1");
}

TEST_F(Obstacles, a_name_that_somebody_chose_is_no_obstacle) {
    set(document, "/Name", "/my-web");
    EXPECT_EQ(chosen(), "blue_green");
}

TEST_F(Obstacles, what_removes_itself_or_belongs_to_swarm_is_not_replaced) {
    set(document, "/HostConfig/AutoRemove", true);
    set(document, "/HostConfig/RestartPolicy", json_of(R"({"Name":"no","MaximumRetryCount":0})"));
    EXPECT_THAT(against(Strategy::recreate), Contains(HasSubstr("(AutoRemove)")));
    set(document, "/HostConfig/AutoRemove", false);
    set(document, "/Config/Labels/com.docker.swarm.task.id", "x");
    EXPECT_THAT(against(Strategy::recreate), Contains(HasSubstr("belongs to Swarm")));
    EXPECT_EQ(chosen(), "in_place");
}

TEST_F(Obstacles, what_does_not_run_has_nothing_to_take_over_and_nothing_to_confirm) {
    set(document, "/State", json_of(R"({"Status":"exited","ExitCode":1,"StartedAt":"2026-01-01T00:00:00Z",
"FinishedAt":"2026-01-01T01:00:00Z"})"));
    EXPECT_THAT(against(Strategy::blue_green), ElementsAre(HasSubstr("shop_web_1 is exited")));
    EXPECT_THAT(against(Strategy::in_place), ElementsAre(HasSubstr("could not be confirmed")));
    EXPECT_THAT(against(Strategy::recreate), IsEmpty());
}

TEST_F(Obstacles, a_second_one_must_fit_into_the_hosts_memory) {
    memory_used = Bytes::mebi(980);
    expect_not_twice(
        "a second shop_web_1 with 64M of memory does not fit: the host has 1G, and 980M are used");
    memory_used = Bytes::mebi(960);
    EXPECT_EQ(chosen(), "blue_green");
    wanted = Limits{.cpu = Cores::whole(1), .memory = Bytes::mebi(65)};
    expect_not_twice("a second shop_web_1 with 65M of memory");
}

TEST_F(Obstacles, where_usage_is_not_known_both_limits_must_fit) {
    memory_used.reset();
    wanted = Limits{.cpu = Cores::whole(1), .memory = Bytes::mebi(961)};
    expect_not_twice("and 64M belong to the first");
    wanted->memory = Bytes::mebi(960);
    EXPECT_EQ(chosen(), "blue_green");
}

TEST_F(Obstacles, limits_that_the_host_can_not_give_are_refused_by_every_strategy) {
    wanted = Limits{.cpu = Cores::whole(5), .memory = Bytes::mebi(64)};
    EXPECT_EQ(chosen(), "none");
    EXPECT_THAT(why(), HasSubstr("5 CPU are wanted, and the host has 4"));
    wanted = Limits{.cpu = Cores::whole(1), .memory = Bytes::mebi(2048)};
    EXPECT_THAT(against(Strategy::in_place), Contains("2G of memory are wanted, and the host has 1G"));
}

TEST_F(Obstacles, limits_that_no_engine_takes_are_refused_by_every_strategy) {
    wanted = Limits{.cpu = Cores::from_nanos(1'000'000), .memory = Bytes::mebi(5)};
    EXPECT_EQ(chosen(), "none");
    EXPECT_THAT(against(Strategy::in_place),
                ElementsAre("0.001 CPU are wanted, and the kernel takes no less than 0.01",
                            "5M of memory are wanted, and the engine takes no less than 6M"));
}

TEST_F(Obstacles, a_limit_is_not_taken_away_from_what_runs) {
    wanted = Limits{.cpu = Cores::whole(1), .memory = {}};
    EXPECT_THAT(against(Strategy::in_place),
                ElementsAre("the memory limit of shop_web_1 can't be taken away while it runs"));
    wanted = Limits{.cpu = {}, .memory = Bytes::mebi(64)};
    EXPECT_THAT(against(Strategy::in_place), ElementsAre(HasSubstr("the CPU limit of shop_web_1")));
}

TEST_F(Obstacles, what_can_not_be_cloned_is_changed_as_it_is) {
    set(document, "/HostConfig/Links", json_of(R"(["/a"])"));
    expect_not_replaced("another one like shop_web_1 can't be made: HostConfig.Links: '/a' is not a link");
}

TEST_F(Obstacles, a_fixed_mac_address_can_be_had_once) {
    set(document, "/Config/MacAddress", "02:42:ac:12:00:02");
    EXPECT_THAT(against(Strategy::blue_green),
                Contains("shop_web_1 has the fixed MAC address 02:42:ac:12:00:02"));
    EXPECT_EQ(chosen(), "in_place");
}

}  // namespace
}  // namespace rm::deploy::test
