// SPDX-License-Identifier: Apache-2.0
// How simulated containers behave over time. What they share with real ones is in the contract test.
#include "docker/simulated_engine.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/docker/done.h"

namespace rm::docker {
namespace {

using namespace std::chrono_literals;
using test::done;
using testing::ElementsAre;
using testing::IsEmpty;

Load steady(double cores, std::int64_t mebi) {
    return [=](WallTime, Duration) {
        return Demand{.cpu = Cores::from_nanos(static_cast<std::int64_t>(cores * 1e9)),
                      .memory = Bytes::mebi(mebi),
                      .file_cache = Bytes::mebi(10)};
    };
}

/// 10 MiB more every second of its life.
Load leaking() {
    return [](WallTime, Duration since_start) {
        return Demand{.cpu = Cores(), .memory = Bytes::mebi(10 * (since_start / 1s)), .file_cache = Bytes(0)};
    };
}

class SimulatedEngineTest : public testing::Test {
protected:
    ContainerId run(SimulatedSpec spec) { return engine_.run(std::move(spec)).value(); }
    Status update(const ContainerId& id, const Update& wanted) { return engine_.update(id, wanted, none_); }

    Container container(const ContainerId& id) { return engine_.inspect(id, none_).value(); }
    Stats stats(const ContainerId& id) { return engine_.stats(id, none_).value(); }

    std::vector<std::string> events(std::vector<std::string> actions = {}) {
        std::vector<std::string> told;
        done(engine_.events(
            {.since = WallTime(), .until = clock_.now().wall, .actions = std::move(actions)},
            [&](const Event& event) {
                told.push_back(event.action);
                return true;
            },
            none_));
        return told;
    }

    VirtualClock clock_;
    SimulatedEngine engine_{clock_};
    const std::stop_token none_;
};

TEST_F(SimulatedEngineTest, cpu_adds_up_over_time) {
    const auto id = run({.name = "web", .program = {.load = steady(0.25, 100)}});
    clock_.advance(60s);
    EXPECT_EQ(stats(id).cpu_total, 15s);
    EXPECT_EQ(stats(id).memory_working_set, Bytes::mebi(100));
    EXPECT_EQ(stats(id).memory_usage, Bytes::mebi(110));
}

TEST_F(SimulatedEngineTest, what_is_used_does_not_depend_on_how_often_one_looks) {
    const Load wave = [](WallTime, Duration since_start) {
        return Demand{
            .cpu = Cores::from_nanos((since_start / 1s % 7) * 100'000'000), .memory = {}, .file_cache = {}};
    };
    const Limits limits{.cpu = Cores::from_nanos(350'000'000), .memory = {}};
    const auto watched = run({.name = "watched", .program = {.load = wave}, .limits = limits});
    const auto alone = run({.name = "alone", .program = {.load = wave}, .limits = limits});
    for (int i = 0; i < 300; ++i) {
        clock_.advance(230ms);
        (void)stats(watched);
    }
    EXPECT_EQ(stats(watched).cpu_total, stats(alone).cpu_total);
    EXPECT_EQ(stats(watched).cpu_periods, stats(alone).cpu_periods);
    EXPECT_EQ(stats(watched).cpu_throttled_periods, stats(alone).cpu_throttled_periods);
    EXPECT_GT(stats(alone).cpu_throttled_periods, 0);
    EXPECT_LT(stats(alone).cpu_throttled_periods, stats(alone).cpu_periods);
}

TEST_F(SimulatedEngineTest, above_its_limit_a_container_is_throttled) {
    const auto id = run({.name = "web",
                         .program = {.load = steady(0.75, 10)},
                         .limits = {.cpu = Cores::from_nanos(500'000'000), .memory = {}}});
    clock_.advance(10s);
    EXPECT_EQ(stats(id).cpu_total, 5s);
    EXPECT_EQ(stats(id).cpu_periods, 100);
    EXPECT_EQ(stats(id).cpu_throttled_periods, 100);
    EXPECT_EQ(stats(id).cpu_throttled_time, 2500ms);
}

TEST_F(SimulatedEngineTest, below_its_limit_it_is_not) {
    const auto id = run({.name = "web",
                         .program = {.load = steady(0.75, 10)},
                         .limits = {.cpu = Cores::whole(1), .memory = {}}});
    clock_.advance(10s);
    EXPECT_EQ(stats(id).cpu_periods, 100);
    EXPECT_EQ(stats(id).cpu_throttled_periods, 0);
}

TEST_F(SimulatedEngineTest, file_cache_gives_way_to_the_limit) {
    const auto id = run({.name = "web",
                         .program = {.load = steady(0, 60)},
                         .limits = {.cpu = {}, .memory = Bytes::mebi(64)}});
    clock_.advance(1s);
    EXPECT_EQ(stats(id).memory_usage, Bytes::mebi(64));
    EXPECT_EQ(stats(id).memory_working_set, Bytes::mebi(60));
}

TEST_F(SimulatedEngineTest, a_container_that_needs_more_memory_than_it_may_have_is_killed_and_comes_back) {
    const auto id = run(
        {.name = "leak", .program = {.load = leaking()}, .limits = {.cpu = {}, .memory = Bytes::mebi(64)}});
    clock_.advance(6s);
    EXPECT_EQ(stats(id).memory_working_set, Bytes::mebi(60));
    clock_.advance(1050ms);
    EXPECT_EQ(container(id).state, ContainerState::restarting);
    EXPECT_TRUE(container(id).oom_killed);
    EXPECT_EQ(container(id).exit_code, 137);
    EXPECT_EQ(stats(id).memory_usage, std::nullopt);
    clock_.advance(1s);
    EXPECT_EQ(container(id).state, ContainerState::running);
    EXPECT_EQ(container(id).restart_count, 1);
    EXPECT_FALSE(container(id).oom_killed);
    EXPECT_THAT(events(), ElementsAre("create", "start", "oom", "die", "start"));
}

TEST_F(SimulatedEngineTest, one_that_never_fits_is_restarted_less_and_less_often) {
    const auto id = run({.name = "big",
                         .program = {.load = steady(0, 65)},
                         .limits = {.cpu = {}, .memory = Bytes::mebi(64)}});
    clock_.advance(1h);
    const auto restarts = container(id).restart_count;
    EXPECT_GT(restarts, 60);
    EXPECT_LT(restarts, 75);
    EXPECT_LE(events().size(), SimulatedEvents::most_kept);
}

TEST_F(SimulatedEngineTest, the_restart_policy_decides_who_comes_back) {
    const auto no = run({.name = "no", .restart = RestartPolicy::no});
    const auto good = run({.name = "good", .restart = RestartPolicy::on_failure});
    const auto bad = run({.name = "bad", .restart = RestartPolicy::on_failure});
    const auto stopped = run({.name = "stopped", .restart = RestartPolicy::always});
    done(engine_.crash(no, 1));
    done(engine_.crash(good, 0));
    done(engine_.crash(bad, 3));
    done(engine_.stop(stopped));
    clock_.advance(10s);
    EXPECT_EQ(container(no).state, ContainerState::exited);
    EXPECT_EQ(container(no).exit_code, 1);
    EXPECT_EQ(container(good).state, ContainerState::exited);
    EXPECT_EQ(container(bad).state, ContainerState::running);
    EXPECT_EQ(container(stopped).state, ContainerState::exited);
}

TEST_F(SimulatedEngineTest, counters_begin_anew_with_each_start) {
    const auto id = run({.name = "web", .program = {.load = steady(1, 10)}});
    clock_.advance(60s);
    done(engine_.crash(id, 1));
    clock_.advance(10100ms);
    EXPECT_EQ(stats(id).cpu_total, 10s);
    EXPECT_EQ(container(id).started_at, clock_.now().wall - 10s);
}

TEST_F(SimulatedEngineTest, health_turns_by_itself_and_by_hand) {
    const auto id = run({.name = "web", .health_check = HealthCheck{.interval = 5s}});
    clock_.advance(4s);
    EXPECT_EQ(container(id).health, HealthState::starting);
    clock_.advance(1s);
    EXPECT_EQ(container(id).health, HealthState::healthy);
    done(engine_.set_health(id, HealthState::unhealthy));
    EXPECT_EQ(container(id).health, HealthState::unhealthy);
    EXPECT_THAT(events({"health_status"}), ElementsAre("health_status: healthy", "health_status: unhealthy"));
}

TEST_F(SimulatedEngineTest, events_of_several_containers_are_in_the_order_of_their_times) {
    const auto slow = run({.name = "slow", .health_check = HealthCheck{.interval = 8s}});
    const auto quick = run({.name = "quick", .health_check = HealthCheck{.interval = 3s}});
    clock_.advance(10s);
    (void)stats(slow);  // looked at first
    std::vector<std::string> order;
    done(engine_.events(
        {.since = WallTime(), .until = clock_.now().wall, .actions = {"health_status"}},
        [&](const Event& event) {
            order.push_back(event.attributes.at("name"));
            return true;
        },
        none_));
    EXPECT_THAT(order, ElementsAre("quick", "slow"));
}

TEST_F(SimulatedEngineTest, limits_change_in_place) {
    const auto id = run({.name = "web",
                         .program = {.load = steady(2, 40)},
                         .limits = {.cpu = Cores::whole(1), .memory = Bytes::mebi(64)}});
    clock_.advance(10s);
    done(update(id, {.nano_cpus = Cores::whole(2)}));
    clock_.advance(10s);
    EXPECT_EQ(stats(id).cpu_total, 30s);
    EXPECT_EQ(print(container(id).limits), "2 CPU, 64M");
    EXPECT_THAT(events({"update"}), ElementsAre("update"));
}

TEST_F(SimulatedEngineTest, less_memory_than_is_in_use_kills_under_cgroup_version_2) {
    const auto id = run({.name = "web",
                         .program = {.load = steady(0, 40)},
                         .limits = {.cpu = {}, .memory = Bytes::mebi(64)}});
    clock_.advance(1s);
    done(update(id, {.memory = Bytes::mebi(32)}));
    EXPECT_EQ(container(id).state, ContainerState::restarting);
    EXPECT_THAT(events({"oom"}), ElementsAre("oom"));
}

TEST_F(SimulatedEngineTest, and_is_refused_under_version_1) {
    SimulatedEngine engine(clock_, {.name = "old", .cgroup_version = 1});
    const auto id = engine
                        .run({.name = "web",
                              .program = {.load = steady(0, 40)},
                              .limits = {.cpu = {}, .memory = Bytes::mebi(64)}})
                        .value();
    clock_.advance(1s);
    EXPECT_EQ(engine.update(id, {.memory = Bytes::mebi(32)}, none_).error().code, ErrorCode::conflict);
    EXPECT_EQ(engine.inspect(id, none_)->state, ContainerState::running);
    EXPECT_EQ(engine.info(none_)->cgroup_version, 1);
}

TEST_F(SimulatedEngineTest, only_the_last_256_events_are_kept) {
    const auto id = run({.name = "web"});
    for (int i = 0; i < 200; ++i) {
        done(engine_.kill(id));
        done(engine_.start(id, none_));
    }
    EXPECT_EQ(events().size(), 256U);
    EXPECT_THAT(events({"create"}), IsEmpty());
}

TEST_F(SimulatedEngineTest, replacements_without_end_cost_no_memory) {
    for (int i = 0; i < 20'000; ++i) done(engine_.wipe(run({.name = "web"})));
    EXPECT_THAT(engine_.list(none_).value(), IsEmpty());
    EXPECT_EQ(events().size(), 256U);
    EXPECT_EQ(events().back(), "destroy");
}

TEST_F(SimulatedEngineTest, a_name_is_taken_until_its_container_is_removed) {
    const auto id = run({.name = "web"});
    EXPECT_EQ(engine_.run({.name = "web"}).error().code, ErrorCode::conflict);
    EXPECT_EQ(engine_.run({.name = "../web"}).error().code, ErrorCode::invalid);
    done(engine_.wipe(id));
    EXPECT_TRUE(engine_.run({.name = "web"}));
    EXPECT_EQ(engine_.start(id, none_).error().code, ErrorCode::not_found);
}

TEST_F(SimulatedEngineTest, a_fault_is_the_answer_of_the_call_it_is_for) {
    const auto id = run({.name = "web"});
    engine_.set_faults([](EngineCall call, const ContainerId*) -> std::optional<Error> {
        if (call != EngineCall::stats) return std::nullopt;
        return Error{.code = ErrorCode::timeout, .message = "slow"};
    });
    EXPECT_EQ(engine_.stats(id, none_).error().code, ErrorCode::timeout);
    EXPECT_TRUE(engine_.inspect(id, none_));
    engine_.set_faults({});
    EXPECT_TRUE(engine_.stats(id, none_));
}

TEST_F(SimulatedEngineTest, streams_end_when_the_engine_does) {
    run({.name = "web"});
    const auto status = engine_.events(
        {.since = WallTime(), .until = {}, .actions = {"start"}},
        [&](const Event&) {
            engine_.end_streams();
            return true;
        },
        none_);
    EXPECT_TRUE(status);
}

TEST_F(SimulatedEngineTest, ids_are_the_same_in_every_run) {
    VirtualClock clock;
    SimulatedEngine other(clock);
    const auto id = run({.name = "web"});
    EXPECT_EQ(other.run({.name = "anything"}).value(), id);
    EXPECT_NE(run({.name = "other"}), id);
}

}  // namespace
}  // namespace rm::docker
