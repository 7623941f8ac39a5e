// SPDX-License-Identifier: Apache-2.0
// What the programs of the simulated engine do: they become ready, answer probes, react to files, share load.
#include <gmock/gmock.h>

#include "docker/tar.h"
#include "tests/unit/docker/simulation/fixture.h"

namespace rm::docker {
namespace {

using namespace std::chrono_literals;
using test::done;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

/// Probed every two seconds, three failures.
constexpr const char* probed =
    R"({"Healthcheck":{"Test":["CMD","/probe"],"Interval":2000000000,"Timeout":1000000000,"Retries":3}})";

constexpr const char* of_service = R"({"Image":"web:1","Labels":{"com.docker.compose.project":"shop",
    "com.docker.compose.service":"web"}})";

Demand two_cores(WallTime, Duration) {
    return {.cpu = Cores::whole(2), .memory = Bytes::mebi(100), .file_cache = Bytes(0)};
}

class SimulatedProgramTest : public test::SimulationTest {
protected:
    std::chrono::nanoseconds cpu(const ContainerId& id) { return engine.stats(id, none)->cpu_total; }
};

TEST_F(SimulatedProgramTest, it_is_healthy_with_the_first_probe_after_it_is_ready) {
    done(engine.add_image("web:1", {.config = probed, .ready_after = 3s}));
    const auto id = run("web");
    EXPECT_EQ(health(id), HealthState::starting);
    clock.advance(3900ms);
    EXPECT_EQ(health(id), HealthState::starting);
    EXPECT_EQ(inspect(id).health_output, "not ready\n");
    EXPECT_EQ(at(id, "/State/Health/FailingStreak"), 1);
    clock.advance(100ms);
    EXPECT_EQ(health(id), HealthState::healthy);
    EXPECT_EQ(at(id, "/State/Health/Status"), "healthy");
    EXPECT_EQ(at(id, "/State/Health/Log").as_array().size(), 2U);
}

TEST_F(SimulatedProgramTest, one_that_never_gets_ready_is_unhealthy_after_its_retries) {
    done(engine.add_image("web:1", {.config = probed, .ready_after = 1h}));
    const auto id = run("web");
    clock.advance(5999ms);
    EXPECT_EQ(health(id), HealthState::starting);
    clock.advance(1ms);
    EXPECT_EQ(health(id), HealthState::unhealthy);
    EXPECT_THAT(events(), Contains("health_status: unhealthy"));
}

TEST_F(SimulatedProgramTest, a_drain_file_makes_it_unhealthy_after_interval_times_retries) {
    const auto heeds_file = [](const SimulatedProgram& program) {
        return program.files.contains("/tmp/drain") ? ExecOutcome{.exit_code = 1, .output = "draining"}
                                                    : ExecOutcome();
    };
    done(engine.add_image("web:1", {.config = probed, .probe = heeds_file}));
    const auto id = run("web");
    clock.advance(2s);
    EXPECT_EQ(health(id), HealthState::healthy);
    done(engine.put_archive(id, "/tmp", write_tar(std::vector<TarEntry>{{.path = "drain"}}).value(), none));
    clock.advance(5900ms);
    EXPECT_EQ(health(id), HealthState::healthy);
    clock.advance(100ms);
    EXPECT_EQ(health(id), HealthState::unhealthy);
    EXPECT_EQ(inspect(id).health_output, "draining");
}

TEST_F(SimulatedProgramTest, a_probe_may_depend_on_the_limits) {
    const auto needs_memory = [](const SimulatedProgram& program) {
        return ExecOutcome{.exit_code = *program.limits.memory < Bytes::mebi(64) ? 1 : 0, .output = {}};
    };
    done(engine.add_image("web:1", {.config = probed, .probe = needs_memory}));
    const auto small = run("small", R"({"Image":"web:1","HostConfig":{"Memory":33554432}})");
    const auto large = run("large", R"({"Image":"web:1","HostConfig":{"Memory":67108864}})");
    clock.advance(6s);
    EXPECT_EQ(health(small), HealthState::unhealthy);
    EXPECT_EQ(health(large), HealthState::healthy);
}

TEST_F(SimulatedProgramTest, health_that_was_set_by_hand_stays_until_it_is_let_go) {
    done(engine.add_image("web:1", {.config = probed}));
    const auto id = run("web");
    done(engine.set_health(id, HealthState::unhealthy));
    EXPECT_EQ(health(id), HealthState::unhealthy);
    clock.advance(1min);
    EXPECT_EQ(health(id), HealthState::unhealthy);
    done(engine.set_health(id, HealthState::none));
    clock.advance(2s);
    EXPECT_EQ(health(id), HealthState::healthy);
}

TEST_F(SimulatedProgramTest, files_go_in_and_out_and_show_as_changes) {
    done(engine.add_image("web:1",
                          {.config = R"({"Volumes":{"/data":{}}})", .files = {{"/etc/app.conf", "a"}}}));
    const auto id = create("web");
    EXPECT_THAT(engine.changes(id, none).value(), IsEmpty());
    done(engine.write_file(id, "/etc/injected", "by compose"));
    done(engine.start(id, none));
    using Kind = FileChange::Kind;
    EXPECT_THAT(engine.changes(id, none).value(),
                ElementsAre(FileChange{.path = "/data", .kind = Kind::added},  // where the volume is mounted
                            FileChange{.path = "/etc", .kind = Kind::changed},
                            FileChange{.path = "/etc/injected", .kind = Kind::added}));
    const auto archive = engine.get_archive(id, "/etc/injected", none).value();
    EXPECT_THAT(read_tar(archive).value(),
                ElementsAre(TarEntry{.path = "injected", .content = "by compose"}));
    EXPECT_EQ(code(engine.get_archive(id, "/nope", none)), ErrorCode::not_found);
    EXPECT_EQ(code(engine.put_archive(id, "/nope", archive, none)), ErrorCode::not_found);
}

TEST_F(SimulatedProgramTest, a_container_of_the_same_image_has_the_same_load) {
    done(engine.add_image("web:1", {.load = two_cores}));
    const auto blue = run("blue");
    clock.advance(10s);
    const auto green = run("green");
    clock.advance(10s);
    EXPECT_EQ(cpu(blue), 40s);
    EXPECT_EQ(cpu(green), 20s);
}

TEST_F(SimulatedProgramTest, replicas_share_what_is_asked_of_their_service_while_they_serve) {
    done(engine.add_image("web:1", {.config = probed,
                                    .load = two_cores,
                                    .idle_cpu = Cores::from_nanos(100'000'000),
                                    .ready_after = 5s}));
    const auto blue = run("blue", of_service);
    clock.advance(6s);  // nobody served until now
    EXPECT_EQ(health(blue), HealthState::healthy);
    EXPECT_EQ(cpu(blue), 600ms);
    const auto green = run("green", of_service);
    clock.advance(6s);  // all of it on blue
    EXPECT_EQ(cpu(blue), 12600ms);
    EXPECT_EQ(cpu(green), 600ms);
    clock.advance(10s);  // half of it each: 0.1 + 1.9 / 2
    EXPECT_EQ(cpu(blue), 12600ms + 10500ms);
    EXPECT_EQ(cpu(green), 600ms + 10500ms);
    EXPECT_EQ(engine.stats(green, none)->memory_working_set, Bytes::mebi(100));
    done(engine.kill(blue));
    clock.advance(10s);
    EXPECT_EQ(cpu(green), 600ms + 10500ms + 20s);
}

TEST_F(SimulatedProgramTest, the_share_does_not_depend_on_how_often_one_looks) {
    done(engine.add_image("web:1", {.config = probed,
                                    .load = two_cores,
                                    .idle_cpu = Cores::from_nanos(100'000'000),
                                    .ready_after = 5s}));
    std::array<std::chrono::nanoseconds, 2> totals{};
    for (const bool often : {false, true}) {
        VirtualClock own_clock;
        SimulatedEngine own(own_clock);
        done(own.add_image("web:1", {.config = probed,
                                     .load = two_cores,
                                     .idle_cpu = Cores::from_nanos(100'000'000),
                                     .ready_after = 5s}));
        const auto blue = own.create("blue", of_service, none).value();
        const auto green = own.create("green", of_service, none).value();
        done(own.start(blue, none));
        own_clock.advance(2700ms);
        done(own.start(green, none));
        for (int i = 0; i < 300; ++i) {
            own_clock.advance(100ms);
            if (often) (void)own.inspect(i % 2 == 0 ? blue : green, none);
        }
        totals.at(often ? 1 : 0) = own.stats(green, none)->cpu_total;
    }
    EXPECT_EQ(totals[0], totals[1]);
}

TEST_F(SimulatedProgramTest, replicas_of_other_services_and_replicas_that_are_gone_take_no_share) {
    done(engine.add_image("web:1", {.load = two_cores, .idle_cpu = Cores()}));
    const auto web = run("web", of_service);
    const auto alone = run("alone");
    done(engine.wipe(run("gone", of_service)));
    clock.advance(10s);
    EXPECT_EQ(cpu(web), 20s);
    EXPECT_EQ(cpu(alone), 20s);
}

}  // namespace
}  // namespace rm::docker
