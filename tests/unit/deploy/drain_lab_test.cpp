// SPDX-License-Identifier: Apache-2.0
// Drains with a real HAProxy and in a container of a real engine.
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deploy/drain.h"
#include "deploy/haproxy.h"
#include "docker/http_engine.h"
#include "net/http_client.h"
#include "net/plain_socket.h"
#include "tests/lab/engine.h"
#include "tests/lab/require.h"
#include "tests/lab/temp_folder.h"
#include "tests/lab/web_peer.h"
#include "tests/lab/workload_image.h"

namespace rm::deploy::test {
namespace {

using lab::must;

/// Two servers that answer with their names, and slots to be filled from a DNS that never answers.
std::string balancer(const std::string& folder, std::uint16_t port) {
    return fmt::format(R"(global
    noreuseport
    stats socket unix@{0}/admin level admin
    stats socket unix@{0}/user level user
defaults
    mode http
    timeout connect 2s
    timeout client 10s
    timeout server 10s
resolvers nobody
    nameserver dead 127.0.0.1:1
frontend all
    bind 127.0.0.1:{1}
    default_backend web
frontend one
    bind 127.0.0.11:{1}
    http-request return status 200 content-type text/plain string one
frontend two
    bind 127.0.0.12:{1}
    http-request return status 200 content-type text/plain string two
backend web
    server web1 127.0.0.11:{1}
    server web2 127.0.0.12:{1}
backend pool
    server-template slot 2 nobody.invalid:80 resolvers nobody init-addr none
)",
                       folder, port);
}

class HaproxyLab : public testing::Test {
protected:
    void SetUp() override {
        RM_LAB_REQUIRE(haproxy);
        folder.emplace(must(lab::TempFolder::make("balancer")));
        const std::string file = (folder->path() / "haproxy.cfg").string();
        const auto program = [&](std::uint16_t port) {
            must(lab::write_file(file, balancer(folder->path().string(), port)));
            return lab::Program{.name = "haproxy", .argv = {"haproxy", "-db", "-f", file}};
        };
        peer.emplace(must(lab::WebPeer::start(program, "")));
        haproxy = {.socket = socket("admin"), .backend = "web"};
    }

    [[nodiscard]] config::Url socket(const std::string& name) const {
        return config::Url("unix://" + (folder->path() / name).string());
    }

    /// Who answers to some requests.
    std::set<std::string> who_answers() {
        std::set<std::string> names;
        for (int i = 0; i < 8; ++i) {
            net::HttpClient client;
            names.insert(must(client.send({.url = must(net::Url::parse(peer->url()))}, {})).body);
        }
        return names;
    }

    std::vector<HaproxyServer> servers() { return must(haproxy_servers(haproxy, {})); }

    std::optional<lab::TempFolder> folder;
    std::optional<lab::WebPeer> peer;
    config::Haproxy haproxy;
    const std::vector<std::string> blue{"127.0.0.11"};
    const std::vector<std::string> green{"127.0.0.12"};
};

TEST_F(HaproxyLab, sends_no_requests_to_a_drained_server_until_it_is_back) {
    using Names = std::set<std::string>;
    EXPECT_EQ(who_answers(), (Names{"one", "two"}));
    EXPECT_EQ(must(drain_in_haproxy(haproxy, blue, {})), "web/web1 in HAProxy");
    EXPECT_EQ(who_answers(), Names{"two"});
    EXPECT_EQ(must(serves_in_haproxy(haproxy, green, {})), "web/web2 in HAProxy");
    EXPECT_EQ(must(drain_in_haproxy(haproxy, blue, {})), "web/web1 in HAProxy");
    EXPECT_EQ(must(undrain_in_haproxy(haproxy, blue, {})), "web/web1 in HAProxy");
    EXPECT_EQ(who_answers(), (Names{"one", "two"}));
}

TEST_F(HaproxyLab, frees_a_slot_that_stands_for_no_container) {
    haproxy.backend = "pool";
    const auto command = must(net::read_socket_address(haproxy.socket.with_password()));
    must(net::ask_once(command, "set server pool/slot1 state drain\n", std::chrono::seconds(5), {}));
    ASSERT_TRUE(servers().at(0).drained && servers().at(0).unresolved);
    must(free_slots(haproxy, {}));
    EXPECT_FALSE(servers().at(0).drained);
    EXPECT_TRUE(servers().at(0).unresolved);
}

TEST_F(HaproxyLab, holds_slots_that_stand_for_no_container_until_they_are_freed) {
    haproxy.backend = "pool";
    must(hold_slots(haproxy, {}));
    EXPECT_TRUE(servers().at(0).held && servers().at(1).held);
    EXPECT_FALSE(servers().at(0).drained);
    must(free_slots(haproxy, {}));
    EXPECT_FALSE(servers().at(0).held || servers().at(1).held);
}

TEST_F(HaproxyLab, says_what_it_does_not_allow_or_know) {
    EXPECT_EQ(drain_in_haproxy(haproxy, {"127.0.0.13"}, {}).error().code, ErrorCode::not_found);
    haproxy.backend = "nope";
    EXPECT_EQ(drain_in_haproxy(haproxy, blue, {}).error().message, "HAProxy says: 'Can't find backend.'");
    haproxy = {.socket = socket("user"), .backend = "web"};
    EXPECT_EQ(drain_in_haproxy(haproxy, blue, {}).error().code, ErrorCode::permission);
    EXPECT_FALSE(servers().at(0).drained);
}

TEST(DrainLab, by_a_file_is_seen_in_the_container_and_taken_back) {
    RM_LAB_REQUIRE(engine);
    const lab::Engine real = must(lab::Engine::start());
    must(lab::load_workload(real));
    config::Docker docker;
    docker.host = config::Url(real.host());
    docker.timeout = std::chrono::seconds(20);
    const auto engine = must(docker::HttpEngine::make(docker));
    const auto id = must(engine->create("web", fmt::format(R"({{"Image":"{}"}})", lab::workload_image), {}));
    must(engine->start(id, {}));
    const auto web = must(engine->inspect(id, {}));
    const std::string pid = must(real.docker({"inspect", "--format", "{{.State.Pid}}", "web"}));
    const std::string file =
        fmt::format("/proc/{}/root/drain", std::string_view(pid).substr(0, pid.find('\n')));
    const auto is_there = [&](const char* how) {
        return must(lab::run_program(
                        {.name = "test", .argv = {"/usr/bin/test", how, file}, .inside = &real.space()}))
                   .exit_code == 0;
    };
    config::Deployment wanted;
    wanted.drain_by = config::DrainBy::file;
    wanted.drain_file = "/drain";
    for (int i = 0; i < 2; ++i) {
        EXPECT_FALSE(is_there("-e"));
        EXPECT_EQ(must(begin_drain(*engine, web, wanted, {})), "/drain");
        EXPECT_TRUE(is_there("-f"));
        EXPECT_EQ(must(begin_drain(*engine, web, wanted, {})), "/drain");
        EXPECT_EQ(must(end_drain(*engine, web, wanted, {})), "/drain");
        EXPECT_FALSE(is_there("-e"));
        EXPECT_TRUE(is_there("-h"));
        EXPECT_EQ(must(end_drain(*engine, web, wanted, {})), "/drain is not there");
    }
    must(engine->remove(id, docker::Removal::forced, {}));
}

}  // namespace
}  // namespace rm::deploy::test
