// SPDX-License-Identifier: Apache-2.0
// Networks, addresses and ports of the simulated engine, and what keeps a container from starting.
#include <gmock/gmock.h>

#include "docker/simulation/networks.h"
#include "docker/simulation/ports.h"
#include "tests/unit/docker/simulation/fixture.h"

namespace rm::docker {
namespace {

using boost::json::parse;
using test::done;
using testing::HasSubstr;

std::string in_network(std::string_view network, std::string_view endpoint = "{}") {
    return fmt::format(R"({{"Image":"web:1","HostConfig":{{"NetworkMode":"{0}"}},)"
                       R"("NetworkingConfig":{{"EndpointsConfig":{{"{0}":{1}}}}}}})",
                       network, endpoint);
}

/// With a port of the host's.
std::string with_port(std::string_view binding) {
    return fmt::format(R"({{"Image":"web:1","ExposedPorts":{{"80/tcp":{{}}}},)"
                       R"("HostConfig":{{"PortBindings":{{"80/tcp":[{}]}}}}}})",
                       binding);
}

class SimulatedNetworkTest : public test::SimulationTest {
protected:
    /// It is not started, and says why.
    void expect_refused(const ContainerId& id, ErrorCode expected, const char* words) {
        const auto refused = engine.start(id, none);
        EXPECT_EQ(code(refused), expected);
        EXPECT_EQ(at(id, "/State/Status"), "created");
        EXPECT_EQ(at(id, "/State/ExitCode"), 128);
        EXPECT_THAT(std::string(at(id, "/State/Error").as_string()), HasSubstr(words));
    }
};

TEST_F(SimulatedNetworkTest, a_running_container_has_an_address_and_its_short_id_as_a_name) {
    const auto id = run("web", in_network("front", R"({"Aliases":["web"]})"));
    const auto network = at(id, "/NetworkSettings/Networks/front");
    EXPECT_EQ(network.at("Aliases"), parse(fmt::format(R"(["web","{}"])", id.brief())));
    EXPECT_EQ(network.at("IPAddress"), "172.18.0.2");
    EXPECT_EQ(network.at("MacAddress"), "02:42:ac:12:00:02");
    EXPECT_EQ(network.at("Gateway"), "172.18.0.1");
    EXPECT_EQ(network.at("IPPrefixLen"), 16);
    EXPECT_EQ(network.at("NetworkID").as_string().size(), 64U);
    EXPECT_EQ(at(id, "/NetworkSettings/IPAddress"), "");
    done(engine.kill(id));
    const auto stopped = at(id, "/NetworkSettings/Networks/front");
    EXPECT_EQ(stopped.at("IPAddress"), "");
    EXPECT_EQ(stopped.at("MacAddress"), "");
    EXPECT_EQ(stopped.at("NetworkID"), network.at("NetworkID"));
    EXPECT_EQ(stopped.at("Aliases"), network.at("Aliases"));
}

TEST_F(SimulatedNetworkTest, the_default_network_has_no_names) {
    const auto id = run("web");
    EXPECT_EQ(at(id, "/NetworkSettings/Networks/bridge/Aliases"), nullptr);
    EXPECT_EQ(at(id, "/NetworkSettings/IPAddress"), "172.17.0.2");
    expect_refused(create("named", in_network("bridge", R"({"Aliases":["x"]})")), ErrorCode::invalid,
                   "network-scoped alias");
}

TEST_F(SimulatedNetworkTest, the_networks_of_the_host_and_of_nobody_have_no_addresses) {
    const auto id = run("web", R"({"Image":"web:1","HostConfig":{"NetworkMode":"host"}})");
    EXPECT_EQ(at(id, "/NetworkSettings/Networks/host/IPAddress"), "");
    EXPECT_EQ(at(id, "/NetworkSettings/Networks/host/IPPrefixLen"), 0);
    EXPECT_EQ(at(id, "/Config/Hostname"), "simulation");
}

TEST_F(SimulatedNetworkTest, no_two_running_containers_have_the_same_address) {
    std::set<std::string> addresses;
    std::set<std::string> macs;
    for (int i = 0; i < 300; ++i) {
        const auto id = run("web-" + std::to_string(i), in_network("back"));
        addresses.emplace(at(id, "/NetworkSettings/Networks/back/IPAddress").as_string());
        macs.emplace(at(id, "/NetworkSettings/Networks/back/MacAddress").as_string());
    }
    EXPECT_EQ(addresses.size(), 300U);
    EXPECT_EQ(macs.size(), 300U);
}

TEST_F(SimulatedNetworkTest, it_is_connected_before_and_after_its_start) {
    const auto id = create("web", in_network("front"));
    done(engine.connect("back", id, R"({"Aliases":["al"]})", none));
    EXPECT_EQ(at(id, "/NetworkSettings/Networks/back/Aliases"),
              parse(fmt::format(R"(["al","{}"])", id.brief())));
    EXPECT_EQ(at(id, "/NetworkSettings/Networks/back/IPAddress"), "");
    done(engine.start(id, none));
    EXPECT_EQ(at(id, "/NetworkSettings/Networks/back/IPAddress"), "172.19.0.2");
    done(engine.connect("back", id, R"({"Aliases":["other"]})", none));  // done already
    EXPECT_EQ(at(id, "/NetworkSettings/Networks/back/Aliases/0"), "al");
    done(engine.connect("bridge", id, "{}", none));
    EXPECT_EQ(at(id, "/NetworkSettings/Networks/bridge/IPAddress"), "172.17.0.2");
}

TEST_F(SimulatedNetworkTest, a_network_may_be_named_by_its_id) {
    const auto first = run("first", in_network("back"));
    const std::string network(at(first, "/NetworkSettings/Networks/back/NetworkID").as_string());
    const auto id = create("web", in_network("front"));
    done(engine.connect(network, id, "{}", none));
    EXPECT_TRUE(at(id, "/NetworkSettings/Networks/back").is_object());
}

TEST_F(SimulatedNetworkTest, what_cannot_be_connected_is_refused) {
    const auto id = create("web");
    EXPECT_EQ(code(engine.connect("nope", id, "{}", none)), ErrorCode::conflict);
    EXPECT_EQ(code(engine.connect("host", id, "{}", none)), ErrorCode::invalid);
    EXPECT_EQ(code(engine.connect("bridge", id, R"({"Aliases":["x"]})", none)), ErrorCode::invalid);
    EXPECT_EQ(code(engine.connect("front", id, "junk", none)), ErrorCode::invalid);
}

TEST_F(SimulatedNetworkTest, without_its_network_it_does_not_start) {
    const auto id = create("web", in_network("nope"));
    expect_refused(id, ErrorCode::conflict, "network nope not found");
    done(engine.add_network("nope"));
    done(engine.start(id, none));
    EXPECT_EQ(at(id, "/State/Error"), "");
    EXPECT_EQ(at(id, "/State/ExitCode"), 0);
}

TEST_F(SimulatedNetworkTest, who_shares_a_network_needs_the_other_to_run) {
    const auto other = create("other");
    const auto shared =
        R"({"Image":"web:1","HostConfig":{"NetworkMode":"container:)" + other.full() + R"("}})";
    const auto id = create("web", shared);
    expect_refused(id, ErrorCode::conflict, "cannot join network of a non running container");
    done(engine.start(other, none));
    done(engine.start(id, none));
    EXPECT_EQ(at(id, "/NetworkSettings/Networks"), parse("{}"));
    expect_refused(create("lost", R"({"Image":"web:1","HostConfig":{"NetworkMode":"container:nope"}})"),
                   ErrorCode::not_found, "No such container: nope");
}

TEST_F(SimulatedNetworkTest, a_fixed_address_is_had_by_one_at_a_time) {
    const auto body = in_network("front", R"({"IPAMConfig":{"IPv4Address":"172.18.0.50"}})");
    const auto blue = run("blue", body);
    EXPECT_EQ(at(blue, "/NetworkSettings/Networks/front/IPAddress"), "172.18.0.50");
    const auto green = create("green", body);
    expect_refused(green, ErrorCode::permission, "Address already in use");
    done(engine.kill(blue));
    done(engine.start(green, none));
    EXPECT_EQ(code(engine.start(blue, none)), ErrorCode::permission);
    EXPECT_EQ(state(blue), ContainerState::exited);
}

TEST_F(SimulatedNetworkTest, a_fixed_port_is_had_by_one_at_a_time) {
    const auto blue = run("blue", with_port(R"({"HostPort":"8080"})"));
    EXPECT_EQ(at(blue, "/NetworkSettings/Ports/80~1tcp/0/HostPort"), "8080");
    const auto green = create("green", with_port(R"({"HostIp":"127.0.0.1","HostPort":"8080"})"));
    expect_refused(green, ErrorCode::conflict, "Bind for 127.0.0.1:8080 failed: port is already allocated");
    done(engine.kill(blue));
    EXPECT_EQ(at(blue, "/NetworkSettings/Ports"), parse("{}"));
    done(engine.start(green, none));
}

TEST_F(SimulatedNetworkTest, ports_that_differ_in_address_or_protocol_do_not_clash) {
    (void)run("one", with_port(R"({"HostIp":"10.0.0.1","HostPort":"8080"})"));
    (void)run("two", with_port(R"({"HostIp":"10.0.0.2","HostPort":"8080"})"));
    (void)run("udp", R"({"Image":"web:1","ExposedPorts":{"80/udp":{}},
        "HostConfig":{"PortBindings":{"80/udp":[{"HostIp":"10.0.0.1","HostPort":"8080"}]}}})");
}

TEST_F(SimulatedNetworkTest, ports_left_to_the_engine_are_always_free) {
    (void)run("fixed", with_port(R"({"HostPort":"32768"})"));
    const auto one = run("one", with_port(R"({"HostPort":""})"));
    const auto two = run("two", with_port("{}"));
    EXPECT_EQ(at(one, "/NetworkSettings/Ports/80~1tcp/0/HostPort"), "32769");
    EXPECT_EQ(at(two, "/NetworkSettings/Ports/80~1tcp/0/HostPort"), "32770");
}

TEST_F(SimulatedNetworkTest, a_port_that_is_not_exposed_is_not_bound) {
    const auto body = R"({"Image":"web:1","HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":"8080"}]}}})";
    (void)run("one", body);
    EXPECT_EQ(at(run("two", body), "/NetworkSettings/Ports"), parse("{}"));
}

TEST_F(SimulatedNetworkTest, limits_that_the_kernel_refuses_show_at_the_start) {
    expect_refused(create("web", R"({"Image":"web:1","HostConfig":{"NanoCpus":5000000}})"),
                   ErrorCode::conflict, "cpu.cfs_quota_us: invalid argument");
}

/// All 65,000 addresses of a network are given once before one is given again.
TEST(SimulatedNetworks, an_address_that_nobody_has_is_given_again) {
    SimulatedNetworks networks;
    done(networks.add("front"));
    const auto holder = ContainerId::parse(std::string(64, 'a')).value();
    const auto other = ContainerId::parse(std::string(64, 'b')).value();
    const auto only_holder = [&](const ContainerId& id) { return id == holder; };
    EXPECT_EQ(networks.join("front", holder, "", only_holder)->address, "172.18.0.2");
    std::set<std::string> seen;
    for (int i = 0; i < 70'000; ++i) seen.insert(networks.join("front", other, "", only_holder)->address);
    EXPECT_EQ(seen.size(), 65'533U);
    EXPECT_FALSE(seen.contains("172.18.0.2"));
    EXPECT_FALSE(seen.contains("172.18.0.1"));
}

}  // namespace
}  // namespace rm::docker
