// SPDX-License-Identifier: Apache-2.0
// What Hands makes of an action, on a simulated engine and with real peers.
#include "deploy/hands.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "deploy/injected_files.h"
#include "tests/lab/http_double.h"
#include "tests/lab/socket_double.h"
#include "tests/unit/deploy/haproxy_script.h"
#include "tests/unit/deploy/stage_set.h"

namespace rm::deploy::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class HandsTest : public StageSet {
protected:
    HandsTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "rm-hands-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
        folder = pattern;
        wanted.health_interval = std::chrono::seconds(1);
        deployment.replicas.push_back({.blue = blue.id, .blue_name = blue.name, .green_name = green.name});
        sight.blue = blue;
        sight.green = green;
    }
    ~HandsTest() override { std::filesystem::remove_all(folder); }
    HandsTest(const HandsTest&) = delete;
    HandsTest& operator=(const HandsTest&) = delete;
    HandsTest(HandsTest&&) = delete;
    HandsTest& operator=(HandsTest&&) = delete;

    std::string perform(Act act) {
        return told(hands.perform(
            {.action = {.act = act}, .deployment = deployment, .sight = sight, .policy = policy}, none));
    }

    /// A hook that notes which event it was called for.
    config::Argv noting_hook() {
        return {"/bin/sh", "-c", "echo $RESOURCE_MANAGER_EVENT >> " + (folder / "events").string()};
    }
    std::string events() {
        std::ostringstream text;
        text << std::ifstream(folder / "events").rdbuf();
        return text.str();
    }

    docker::Container blue = run_at("127.0.0.2", "web-1");
    docker::Container green = run_at("127.0.0.1", "web-2");
    Hands hands{engine};
    Deployment deployment{.token = {},
                          .engine = {},
                          .service = ServiceName::parse("shop/web").value(),
                          .requested_by = {},
                          .reason = {},
                          .from = {},
                          .to = {},
                          .created_at = {},
                          .phase_since = {},
                          .replicas = {}};
    Sight sight;
    std::filesystem::path folder;
};

TEST_F(HandsTest, put_into_green_what_was_put_into_blue_before_it_ran) {
    for (const char* const path : {"/etc/app/settings", "/run/secrets/word", "/run/app.pid", "/drain"})
        must(engine.write_file(blue.id, path, path));
    must(engine.add_image("web:1", {}));
    const auto made = must(engine.create("web-3", R"({"Image":"web:1"})", none));
    for (int i = 0; i < 2; ++i) EXPECT_EQ(must(copy_injected_files(engine, blue, made, "/drain", none)), 2U);
    std::vector<std::string> paths;
    for (const auto& change : must(engine.changes(made, none))) paths.push_back(change.path);
    EXPECT_THAT(paths, testing::IsSupersetOf({"/etc/app/settings", "/run/secrets/word"}));
    EXPECT_THAT(paths, testing::Not(testing::Contains(testing::AnyOf("/run/app.pid", "/drain"))));
}

TEST_F(HandsTest, probe_whichever_container_is_meant) {
    const auto peer = lab::HttpDouble::start().value();
    peer->on("GET", "/", lab::Answer::text(200));
    wanted.health = {.by = config::HealthBy::probe, .probe = config::ProbeAddress{.port = peer->port()}};
    EXPECT_THAT(perform(Act::probe_green), StartsWith("ok: http://127.0.0.1:"));
    EXPECT_THAT(perform(Act::probe_blue), StartsWith("unavailable: GET http://127.0.0.2:"));
    sight.blue.reset();
    EXPECT_EQ(perform(Act::probe_blue), "not_found: web-1 is gone");
}

TEST_F(HandsTest, verify_green) {
    const auto peer = lab::HttpDouble::start().value();
    peer->on("GET", "/ready", lab::Answer::text(503));
    wanted.verify = config::ProbeAddress{.port = peer->port(), .target = "/ready"};
    EXPECT_THAT(perform(Act::verify_green), HasSubstr("status 503"));
}

TEST_F(HandsTest, drain_blue_and_tell_the_hook_of_both_ways) {
    wanted.drain_by = config::DrainBy::file;
    wanted.drain_file = "/tmp/drain";
    wanted.hooks.drain = noting_hook();
    EXPECT_EQ(perform(Act::begin_drain), "ok: /tmp/drain");
    EXPECT_TRUE(engine.get_archive(blue.id, "/tmp/drain", none));
    EXPECT_FALSE(engine.get_archive(green.id, "/tmp/drain", none));
    EXPECT_EQ(perform(Act::end_drain), "ok: /tmp/drain");
    EXPECT_EQ(events(), "drain\nundrain\n");
}

TEST_F(HandsTest, call_the_hook_alone_where_the_drain_is_by_time) {
    wanted.hooks.drain = noting_hook();
    EXPECT_EQ(perform(Act::begin_drain), "ok: ");
    EXPECT_EQ(events(), "drain\n");
}

TEST_F(HandsTest, call_no_hook_when_the_drain_failed) {
    wanted.drain_by = config::DrainBy::file;
    wanted.drain_file = "/nowhere/drain";
    wanted.hooks.drain = noting_hook();
    EXPECT_THAT(perform(Act::begin_drain), StartsWith("not_found: "));
    EXPECT_EQ(events(), "");
}

TEST_F(HandsTest, start_green_only_when_haproxy_sends_it_no_requests_yet) {
    HaproxyScript script({"web1"});
    const auto peer =
        lab::SocketDouble::start({}, [&](const std::string& line) { return script.answer(line); }).value();
    const std::string starts = perform(Act::start_green);
    wanted.drain_by = config::DrainBy::haproxy;
    wanted.haproxy = {.socket = config::Url("unix:///nowhere/admin.sock"), .backend = "web"};
    EXPECT_THAT(perform(Act::start_green), StartsWith("unavailable: HAProxy: "));
    wanted.haproxy.socket = config::Url(fmt::format("tcp://127.0.0.1:{}", peer->port()));
    EXPECT_EQ(perform(Act::start_green), starts);
    EXPECT_EQ(script.weight("web1"), 0);
    EXPECT_THAT(perform(Act::remove_green), StartsWith("ok: "));
    EXPECT_EQ(script.weight("web1"), 1);
}

TEST_F(HandsTest, free_haproxy_s_slot_of_the_container_that_they_remove) {
    HaproxyScript script;
    const auto peer =
        lab::SocketDouble::start({}, [&](const std::string& line) { return script.answer(line); }).value();
    wanted.drain_by = config::DrainBy::haproxy;
    wanted.haproxy = {.socket = config::Url(fmt::format("tcp://127.0.0.1:{}", peer->port())),
                      .backend = "web"};
    script.set("web1", {.address = "-", .state = 0, .admin = 0x28});
    EXPECT_EQ(perform(Act::remove_blue), "ok: web-1");
    EXPECT_EQ(script.admin("web1"), 0x20U);
    wanted.haproxy.socket = config::Url("unix:///nowhere/admin.sock");
    EXPECT_EQ(perform(Act::remove_blue), "ok: web-1");  // it is gone, whatever HAProxy says
}

}  // namespace
}  // namespace rm::deploy::test
