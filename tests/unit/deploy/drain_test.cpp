// SPDX-License-Identifier: Apache-2.0
#include "deploy/drain.h"

#include <gmock/gmock.h>

#include "docker/tar.h"
#include "tests/lab/socket_double.h"
#include "tests/unit/deploy/haproxy_script.h"
#include "tests/unit/deploy/picture.h"
#include "tests/unit/deploy/stage_set.h"

namespace rm::deploy::test {
namespace {

using config::DrainBy;
using docker::HealthState;
using testing::HasSubstr;
using testing::StartsWith;

/// Healthy unless the drain file is there.
docker::SimulatedImage with_drain_file() {
    docker::SimulatedImage image;
    image.config =
        R"({"Healthcheck":{"Test":["CMD","/probe"],"Interval":1000000000,"Timeout":1000000000,"Retries":2}})";
    image.probe = [](const docker::SimulatedProgram& program) {
        return docker::ExecOutcome{.exit_code = program.files.contains("/tmp/drain") ? 1 : 0, .output = ""};
    };
    return image;
}

class Drain : public StageSet {
protected:
    Drain() { wanted.drain_file = "/tmp/drain"; }

    std::string begun(const docker::Container& container) {
        return told(begin_drain(engine, container, wanted, none));
    }
    std::string ended(const docker::Container& container) {
        return told(end_drain(engine, container, wanted, none));
    }
    HealthState health_soon(const docker::Container& container) {
        clock.advance(10s);
        return must(engine.inspect(container.id, none)).health;
    }
};

TEST_F(Drain, by_a_file_turns_the_health_check_and_back_again) {
    wanted.drain_by = DrainBy::file;
    const auto web = run_at("127.0.0.1", "web", with_drain_file());
    EXPECT_EQ(health_soon(web), HealthState::healthy);
    for (int i = 0; i < 2; ++i) {  // a container may be drained again after it was put back
        EXPECT_EQ(begun(web), "ok: /tmp/drain");
        EXPECT_EQ(begun(web), "ok: /tmp/drain");
        EXPECT_EQ(health_soon(web), HealthState::unhealthy);
        EXPECT_EQ(ended(web), "ok: /tmp/drain");
        EXPECT_EQ(health_soon(web), HealthState::healthy);
        EXPECT_EQ(ended(web), "ok: /tmp/drain is not there");
    }
}

TEST_F(Drain, by_a_file_is_taken_back_by_a_link_to_nowhere) {
    wanted.drain_by = DrainBy::file;
    const auto web = run_at("127.0.0.1");
    EXPECT_EQ(ended(web), "ok: /tmp/drain is not there");
    EXPECT_FALSE(engine.get_archive(web.id, "/tmp/drain", none));
    must(begin_drain(engine, web, wanted, none));
    must(end_drain(engine, web, wanted, none));
    const auto left = docker::read_tar(must(engine.get_archive(web.id, "/tmp/drain", none))).value();
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].kind, docker::TarEntry::Kind::link);
    EXPECT_EQ(left[0].content, ".resource-manager-drain-is-over");
}

TEST_F(Drain, by_a_file_goes_where_the_container_alone_sees_it) {
    wanted.drain_by = DrainBy::file;
    const auto in_memory = run("hot", {}, R"("NetworkMode":"front","Tmpfs":{"/tmp":""})", R"("front":{})");
    EXPECT_EQ(begun(in_memory),
              "invalid: the drain file '/tmp/drain' can't be in '/tmp', which is a tmpfs, "
              "where the engine can't write");
    const auto shared = run("shared", {}, R"("NetworkMode":"front","Binds":["data:/tmp"])", R"("front":{})");
    EXPECT_EQ(begun(shared),
              "invalid: the drain file '/tmp/drain' can't be in '/tmp', which is mounted: other "
              "containers may have it, too");
    wanted.drain_file = "/drain";
    EXPECT_EQ(begun(shared), "ok: /drain");
    wanted.drain_file = "/nowhere/drain";
    EXPECT_THAT(begun(shared), StartsWith("not_found: "));
}

TEST_F(Drain, by_a_command_runs_it_in_the_container_and_tells_it_which_way) {
    std::vector<std::string> said;
    docker::SimulatedImage image;
    image.exec = [&](const docker::SimulatedProgram&, const docker::Exec& what) {
        said.push_back(what.argv.back());
        return docker::ExecOutcome{.exit_code = what.argv.front() == "/bad" ? 1 : 0, .output = "done"};
    };
    const auto web = run_at("127.0.0.1", "web", image);
    wanted.drain_by = DrainBy::command;
    wanted.drain_command = {"/drain", "--now={state}"};
    EXPECT_EQ(begun(web), "ok: done");
    EXPECT_EQ(ended(web), "ok: done");
    EXPECT_THAT(said, testing::ElementsAre("--now=drain", "--now=ready"));
    wanted.drain_command = {"/drain"};
    EXPECT_EQ(begun(web), "ok: done");
    EXPECT_EQ(ended(web), "ok: deployment.drain_command has no {state} by which it could take it back");
    EXPECT_EQ(said.size(), 3U);
    wanted.drain_command = {"/bad"};
    EXPECT_EQ(begun(web), "io: '/bad' in web ended with exit code 1: 'done'");
}

TEST_F(Drain, by_haproxy_finds_the_container_by_any_of_its_addresses) {
    HaproxyScript script;
    const auto peer =
        lab::SocketDouble::start({}, [&](const std::string& line) { return script.answer(line); }).value();
    wanted.drain_by = DrainBy::haproxy;
    wanted.haproxy = {.socket = config::Url(fmt::format("tcp://127.0.0.1:{}", peer->port())),
                      .backend = "web"};
    const auto web = run_at("172.18.0.42");
    EXPECT_THAT(begun(web), HasSubstr("has no server at 172.18.0.42"));
    script.set("web7", {.address = "172.18.0.42"});
    EXPECT_EQ(begun(web), "ok: web/web7 in HAProxy");
    EXPECT_EQ(script.admin("web7"), 8U);
    EXPECT_EQ(ended(web), "ok: web/web7 in HAProxy");
    EXPECT_EQ(script.admin("web7"), 0U);
}

TEST_F(Drain, by_time_alone_does_nothing) {
    const auto web = run_at("127.0.0.1");
    EXPECT_EQ(begun(web), "ok: ");
    EXPECT_EQ(ended(web), "ok: ");
    EXPECT_TRUE(must(engine.changes(web.id, none)).empty());
}

}  // namespace
}  // namespace rm::deploy::test
