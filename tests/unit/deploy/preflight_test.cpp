// SPDX-License-Identifier: Apache-2.0
// Which strategy a service gets, and why: one container, changed in the point that a test is about.
#include "deploy/preflight.h"

#include <string>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "docker/read.h"
#include "tests/unit/docker/clone_documents.h"

namespace rm::deploy {
namespace {

using namespace std::chrono_literals;
using config::Strategy;
using docker::test::json_of;
using docker::test::set;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// shop/web of Compose: it runs, is healthy, and nothing stands in the way.
class Preflights : public testing::Test {
protected:
    void SetUp() override {
        set(document, "/State", json_of(R"({"Status":"running","StartedAt":"2026-01-01T00:00:00Z",
"FinishedAt":"0001-01-01T00:00:00Z","Health":{"Status":"healthy","FailingStreak":0,"Log":[]}})"));
        set(document, "/Created", json_of(R"("2026-01-01T00:00:00Z")"));
        set(document, "/Config/Healthcheck",
            json_of(R"({"Test":["CMD","true"],"Interval":5000000000,"Timeout":1000000000,"Retries":3})"));
        policy.deployment.strategy = Strategy::automatic;
        policy.deployment.health_timeout = 2min;
        policy.adjustment.timezone = "UTC";
    }

    [[nodiscard]] static Candidate candidate(const boost::json::value& document) {
        const std::string text = boost::json::serialize(document);
        auto container = docker::read_container(text);
        EXPECT_TRUE(container) << container.error().message;
        return {.container = container.value(), .document = text};
    }

    [[nodiscard]] Subject subject() const {
        return {.service = ServiceName::parse("shop/web").value(),
                .policy = policy,
                .replicas = {candidate(document)},
                .others = others,
                .unseen = unseen,
                .engine = {.id = "E",
                           .name = "host",
                           .cpus = Cores::whole(4),
                           .memory = Bytes::mebi(1024),
                           .cgroup_version = 2,
                           .swap_limit = true},
                .memory_used = memory_used,
                .wanted = wanted,
                .asked_for = asked_for,
                .now = now};
    }

    [[nodiscard]] std::vector<std::string> against(Strategy strategy) const {
        return preflight(subject()).option(strategy).against;
    }

    /// The chosen one, or `none`.
    [[nodiscard]] std::string chosen() const {
        const auto strategy = preflight(subject()).strategy;
        return strategy ? std::string(to_string(*strategy)) : "none";
    }

    [[nodiscard]] std::string why() const { return preflight(subject()).why; }

    /// It is possible in place, and by no strategy that makes another container beside it.
    void expect_not_twice(const std::string& reason) const {
        EXPECT_THAT(against(Strategy::blue_green), ElementsAre(HasSubstr(reason)));
        EXPECT_THAT(against(Strategy::in_place), IsEmpty());
        EXPECT_THAT(against(Strategy::recreate), IsEmpty());
        EXPECT_EQ(chosen(), "in_place");
        EXPECT_THAT(why(), AllOf(HasSubstr("blue_green is not possible: "), HasSubstr(reason)));
    }

    /// Somebody else would notice: only the container as it is may be changed.
    void expect_not_replaced(const std::string& reason) const {
        EXPECT_THAT(against(Strategy::blue_green), ElementsAre(HasSubstr(reason)));
        EXPECT_THAT(against(Strategy::recreate), ElementsAre(HasSubstr(reason)));
        EXPECT_THAT(against(Strategy::in_place), IsEmpty());
        EXPECT_EQ(chosen(), "in_place");
    }

    docker::Wiring other(const std::string& name) {
        return {.id = ContainerId::parse(std::string(64, 'd')).value(),
                .name = name,
                .network_mode = "shop_default",
                .ipc_mode = "private",
                .pid_mode = ""};
    }

    boost::json::value document = docker::test::blue_document();
    config::ServicePolicy policy;
    std::vector<docker::Wiring> others;
    std::vector<std::string> unseen;
    std::optional<Bytes> memory_used = Bytes::mebi(256);
    std::optional<Limits> wanted;
    std::optional<Strategy> asked_for;
    WallTime now = WallTime(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)) + 12h;
};

TEST_F(Preflights, a_plain_service_is_blue_greened) {
    EXPECT_EQ(chosen(), "blue_green");
    EXPECT_EQ(why(), "it is the first choice of auto");
    for (const auto strategy : {Strategy::blue_green, Strategy::in_place, Strategy::recreate})
        EXPECT_THAT(against(strategy), IsEmpty()) << to_string(strategy);
    EXPECT_THAT(against(Strategy::script), ElementsAre("deployment.script names no program"));
}

TEST_F(Preflights, a_port_of_the_host_belongs_to_one_container) {
    set(document, "/HostConfig/PortBindings", json_of(R"({"8080/tcp":[{"HostIp":"","HostPort":"80"}]})"));
    expect_not_twice("shop_web_1 publishes the host's port 80 (for 8080/tcp)");
    set(document, "/HostConfig/PortBindings", json_of(R"({"8080/tcp":[{"HostPort":"80-80"}]})"));
    expect_not_twice("port 80-80");
}

TEST_F(Preflights, a_port_that_the_engine_picks_is_no_obstacle) {
    for (const auto* port : {"", "0", "8000-8010"}) {
        const boost::json::value binding{{"HostIp", ""}, {"HostPort", port}};
        set(document, "/HostConfig/PortBindings", {{"8080/tcp", boost::json::array{binding}}});
        EXPECT_EQ(chosen(), "blue_green") << port;
    }
    set(document, "/HostConfig/PortBindings", json_of(R"({"8080/tcp":null})"));
    EXPECT_EQ(chosen(), "blue_green");
}

TEST_F(Preflights, the_hosts_network_has_room_for_one) {
    set(document, "/HostConfig/NetworkMode", "host");
    set(document, "/NetworkSettings/Networks", json_of(R"({"host":{"IPAMConfig":null,"Links":null}})"));
    expect_not_twice("shop_web_1 uses the network of the host");
}

TEST_F(Preflights, who_uses_the_network_of_another_container_can_be_there_once) {
    set(document, "/HostConfig/NetworkMode", boost::json::string("container:" + std::string(64, 'd')));
    set(document, "/NetworkSettings/Networks", json_of("{}"));
    set(document, "/Config/Hostname", "");
    document.at_pointer("/Config").as_object().erase("ExposedPorts");
    expect_not_twice("uses the network of another container");
}

TEST_F(Preflights, a_fixed_address_can_be_had_once) {
    set(document, "/NetworkSettings/Networks/shop_default/IPAMConfig",
        json_of(R"({"IPv4Address":"172.18.0.9"})"));
    expect_not_twice("shop_web_1 has the fixed address 172.18.0.9 in the network shop_default");
    set(document, "/NetworkSettings/Networks/shop_default/IPAMConfig",
        json_of(R"({"IPv6Address":"fd00::9"})"));
    expect_not_twice("fd00::9");
}

TEST_F(Preflights, volumes_that_are_written_to_are_not_shared_unless_that_is_allowed) {
    set(document, "/Mounts", json_of(R"([{"Type":"volume","Name":"shop_data","Source":"/var/lib/x",
"Destination":"/data","Driver":"local","Mode":"z","RW":true,"Propagation":""}])"));
    set(document, "/HostConfig/Binds", json_of(R"(["shop_data:/data:rw"])"));
    expect_not_twice("writes to the volume shop_data at /data");
    policy.deployment.share_volumes = true;
    EXPECT_EQ(chosen(), "blue_green");
}

TEST_F(Preflights, an_anonymous_volume_is_told_by_the_beginning_of_its_name) {
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

TEST_F(Preflights, folders_count_as_volumes_and_what_is_only_read_does_not) {
    set(document, "/HostConfig/Binds", json_of(R"(["/srv/www:/www:rw"])"));
    set(document, "/Mounts", json_of(R"([{"Type":"bind","Source":"/srv/www","Destination":"/www","Mode":"rw",
"RW":true,"Propagation":"rprivate"}])"));
    expect_not_twice("writes to the folder /srv/www at /www");
    set(document, "/HostConfig/Binds", json_of(R"(["/srv/www:/www:ro"])"));
    set(document, "/Mounts/0/RW", false);
    set(document, "/Mounts/0/Mode", "ro");
    EXPECT_EQ(chosen(), "blue_green");
}

TEST_F(Preflights, a_socket_is_there_for_many) {
    set(document, "/HostConfig/Binds", json_of(R"(["/var/run/docker.sock:/var/run/docker.sock:rw"])"));
    set(document, "/Mounts", json_of(R"([{"Type":"bind","Source":"/var/run/docker.sock",
"Destination":"/var/run/docker.sock","Mode":"rw","RW":true,"Propagation":"rprivate"}])"));
    EXPECT_EQ(chosen(), "blue_green");
}

TEST_F(Preflights, without_a_health_check_nobody_could_tell_whether_a_new_one_works) {
    document.at_pointer("/Config").as_object().erase("Healthcheck");
    document.at_pointer("/State").as_object().erase("Health");
    expect_not_replaced("shop_web_1 has no health check");
    EXPECT_THAT(why(), HasSubstr("deployment.health says how else to know"));
    policy.deployment.health = {.by = config::HealthBy::running};
    EXPECT_EQ(chosen(), "blue_green");
}

TEST_F(Preflights, a_probe_that_comes_too_late_is_as_good_as_none) {
    set(document, "/Config/Healthcheck/Interval", std::int64_t{300} * 1'000'000'000);
    expect_not_replaced("probed for the first time after 5m, when deployment.health_timeout of 2m is over");
}

TEST_F(Preflights, whose_network_others_use_is_changed_as_it_is) {
    docker::Wiring sidecar = other("shop_vpn_1");
    sidecar.network_mode = "container:132c2488d017f7050f099c1515400f7a2175cf1f10672e64378a847a04690e61";
    others = {other("shop_db_1"), sidecar};
    expect_not_replaced("shop_vpn_1 uses the network of shop_web_1, and would lose it");
}

TEST_F(Preflights, links_and_shared_volumes_memory_and_processes_are_uses_too) {
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

TEST_F(Preflights, a_container_that_could_not_be_looked_at_may_be_a_user) {
    unseen = {"odd"};
    expect_not_replaced("odd could not be looked at, and might use shop_web_1");
}

TEST_F(Preflights, a_name_that_somebody_chose_is_no_obstacle) {
    set(document, "/Name", "/my-web");
    EXPECT_EQ(chosen(), "blue_green");
}

TEST_F(Preflights, what_removes_itself_or_belongs_to_swarm_is_not_replaced) {
    set(document, "/HostConfig/AutoRemove", true);
    set(document, "/HostConfig/RestartPolicy", json_of(R"({"Name":"no","MaximumRetryCount":0})"));
    EXPECT_THAT(against(Strategy::recreate), Contains(HasSubstr("(AutoRemove)")));
    set(document, "/HostConfig/AutoRemove", false);
    set(document, "/Config/Labels/com.docker.swarm.task.id", "x");
    EXPECT_THAT(against(Strategy::recreate), Contains(HasSubstr("belongs to Swarm")));
    EXPECT_EQ(chosen(), "in_place");
}

TEST_F(Preflights, what_does_not_run_has_nothing_to_take_over_and_nothing_to_confirm) {
    set(document, "/State", json_of(R"({"Status":"exited","ExitCode":1,"StartedAt":"2026-01-01T00:00:00Z",
"FinishedAt":"2026-01-01T01:00:00Z"})"));
    EXPECT_THAT(against(Strategy::blue_green), ElementsAre(HasSubstr("shop_web_1 is exited")));
    EXPECT_THAT(against(Strategy::in_place), ElementsAre(HasSubstr("could not be confirmed")));
    EXPECT_THAT(against(Strategy::recreate), IsEmpty());
}

TEST_F(Preflights, every_replica_counts) {
    boost::json::value second = document;
    set(second, "/Id", boost::json::string(std::string(64, 'e')));
    set(second, "/Name", "/shop_web_2");
    Subject both = subject();
    both.replicas.push_back(candidate(second));
    EXPECT_EQ(preflight(both).strategy, Strategy::blue_green);
    set(second, "/HostConfig/PortBindings", json_of(R"({"8080/tcp":[{"HostPort":"80"}]})"));
    both.replicas[1] = candidate(second);
    EXPECT_EQ(preflight(both).strategy, Strategy::in_place);
    EXPECT_THAT(preflight(both).option(Strategy::blue_green).against,
                ElementsAre(HasSubstr("shop_web_2 publishes")));
}

TEST_F(Preflights, a_service_without_containers_gets_nothing) {
    Subject none = subject();
    none.replicas.clear();
    EXPECT_FALSE(preflight(none).strategy);
    for (const Option& option : preflight(none).options)
        EXPECT_THAT(option.against, Contains("shop/web has no container")) << to_string(option.strategy);
}

TEST_F(Preflights, a_second_one_must_fit_into_the_hosts_memory) {
    memory_used = Bytes::mebi(980);
    expect_not_twice(
        "a second shop_web_1 with 64M of memory does not fit: the host has 1G, and 980M are used");
    memory_used = Bytes::mebi(960);
    EXPECT_EQ(chosen(), "blue_green");
    wanted = Limits{.cpu = Cores::whole(1), .memory = Bytes::mebi(65)};
    expect_not_twice("a second shop_web_1 with 65M of memory");
}

TEST_F(Preflights, where_usage_is_not_known_both_limits_must_fit) {
    memory_used.reset();
    wanted = Limits{.cpu = Cores::whole(1), .memory = Bytes::mebi(961)};
    expect_not_twice("and 64M belong to the first");
    wanted->memory = Bytes::mebi(960);
    EXPECT_EQ(chosen(), "blue_green");
}

TEST_F(Preflights, limits_that_the_host_can_not_give_are_refused_by_every_strategy) {
    wanted = Limits{.cpu = Cores::whole(5), .memory = Bytes::mebi(64)};
    EXPECT_EQ(chosen(), "none");
    EXPECT_THAT(why(), HasSubstr("5 CPU are wanted, and the host has 4"));
    wanted = Limits{.cpu = Cores::whole(1), .memory = Bytes::mebi(2048)};
    EXPECT_THAT(against(Strategy::in_place), Contains("2G of memory are wanted, and the host has 1G"));
}

TEST_F(Preflights, limits_that_no_engine_takes_are_refused_by_every_strategy) {
    wanted = Limits{.cpu = Cores::from_nanos(1'000'000), .memory = Bytes::mebi(5)};
    EXPECT_EQ(chosen(), "none");
    EXPECT_THAT(against(Strategy::in_place),
                ElementsAre("0.001 CPU are wanted, and the kernel takes no less than 0.01",
                            "5M of memory are wanted, and the engine takes no less than 6M"));
}

TEST_F(Preflights, a_limit_is_not_taken_away_from_what_runs) {
    wanted = Limits{.cpu = Cores::whole(1), .memory = {}};
    EXPECT_THAT(against(Strategy::in_place),
                ElementsAre("the memory limit of shop_web_1 can't be taken away while it runs"));
    wanted = Limits{.cpu = {}, .memory = Bytes::mebi(64)};
    EXPECT_THAT(against(Strategy::in_place), ElementsAre(HasSubstr("the CPU limit of shop_web_1")));
}

TEST_F(Preflights, a_configured_strategy_is_never_replaced_by_another) {
    set(document, "/HostConfig/PortBindings", json_of(R"({"8080/tcp":[{"HostPort":"80"}]})"));
    policy.deployment.strategy = Strategy::blue_green;
    EXPECT_EQ(chosen(), "none");
    EXPECT_THAT(why(), HasSubstr("blue_green is configured, and blue_green is not possible: shop_web_1"));
    policy.deployment.strategy = Strategy::in_place;
    EXPECT_EQ(chosen(), "in_place");
    EXPECT_EQ(why(), "it is configured");
}

TEST_F(Preflights, what_is_asked_for_takes_the_place_of_what_is_configured) {
    asked_for = Strategy::in_place;
    EXPECT_EQ(chosen(), "in_place");
    EXPECT_EQ(why(), "it is asked for");
    asked_for = Strategy::script;
    EXPECT_EQ(chosen(), "none");
    EXPECT_THAT(why(), HasSubstr("script is asked for, and script is not possible: deployment.script names"));
    policy.deployment.script = {"/scripts/deploy.sh"};
    EXPECT_EQ(chosen(), "script");
}

TEST_F(Preflights, auto_stops_a_service_in_its_window_only) {
    set(document, "/State", json_of(R"({"Status":"exited","ExitCode":1,"StartedAt":"2026-01-01T00:00:00Z",
"FinishedAt":"2026-01-01T01:00:00Z"})"));
    EXPECT_EQ(chosen(), "none");
    EXPECT_THAT(why(), HasSubstr("recreate stops the service, which auto does in a maintenance window only"));
    policy.adjustment.maintenance_window = config::DailyWindow{.from = {11h}, .to = {13h}};
    EXPECT_EQ(chosen(), "recreate");
    now += 2h;
    EXPECT_EQ(chosen(), "none");
    EXPECT_THAT(why(), HasSubstr("now is not within the maintenance window 11:00-13:00"));
}

TEST_F(Preflights, recreate_that_was_configured_needs_no_window_but_heeds_one) {
    policy.deployment.strategy = Strategy::recreate;
    EXPECT_EQ(chosen(), "recreate");
    policy.adjustment.maintenance_window = config::DailyWindow{.from = {1h}, .to = {2h}};
    EXPECT_EQ(chosen(), "none");
}

TEST_F(Preflights, what_can_not_be_cloned_is_changed_as_it_is) {
    set(document, "/HostConfig/Links", json_of(R"(["/a"])"));
    expect_not_replaced("another one like shop_web_1 can't be made: HostConfig.Links: '/a' is not a link");
}

TEST_F(Preflights, a_fixed_mac_address_can_be_had_once) {
    set(document, "/Config/MacAddress", "02:42:ac:12:00:02");
    EXPECT_THAT(against(Strategy::blue_green),
                Contains("shop_web_1 has the fixed MAC address 02:42:ac:12:00:02"));
    EXPECT_EQ(chosen(), "in_place");
}

TEST_F(Preflights, what_a_proxy_forbids_stands_against_the_strategies_that_need_it) {
    Subject web = subject();
    web.permissions = {
        .lacks = {{.feature = docker::Feature::replacing, .reason = "the proxy forbids creating"}}};
    const Preflight found = preflight(web);
    EXPECT_EQ(found.strategy, Strategy::in_place);
    for (const Strategy strategy : {Strategy::blue_green, Strategy::recreate})
        EXPECT_THAT(found.option(strategy).against, Contains(HasSubstr("the proxy forbids creating")));
    EXPECT_THAT(found.option(Strategy::in_place).against, IsEmpty());

    web.permissions.lacks.push_back({.feature = docker::Feature::in_place, .reason = "nor updating"});
    EXPECT_FALSE(preflight(web).strategy);
    EXPECT_THAT(preflight(web).why,
                AllOf(HasSubstr("the proxy forbids creating"), HasSubstr("nor updating")));
}

TEST_F(Preflights, what_no_strategy_of_the_service_needs_does_not_matter_to_it) {
    Subject web = subject();
    web.permissions = {.lacks = {{.feature = docker::Feature::drain_file, .reason = "no archives"},
                                 {.feature = docker::Feature::programs_inside, .reason = "no exec"},
                                 {.feature = docker::Feature::last_words, .reason = "no logs"}}};
    EXPECT_EQ(preflight(web).strategy, Strategy::blue_green);
    web.policy.deployment.drain_by = config::DrainBy::file;
    EXPECT_THAT(preflight(web).option(Strategy::blue_green).against, ElementsAre(HasSubstr("no archives")));
    web.policy.deployment.drain_by = config::DrainBy::command;
    EXPECT_THAT(preflight(web).option(Strategy::blue_green).against, ElementsAre(HasSubstr("no exec")));
}

}  // namespace
}  // namespace rm::deploy
