// SPDX-License-Identifier: Apache-2.0
#include "observe/samples.h"

#include <atomic>
#include <barrier>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "observe/docker_source.h"
#include "observe/sampler.h"
#include "tests/unit/observe/containers.h"

namespace rm::observe {
namespace {

using namespace std::chrono_literals;
using test::id;
using testing::IsEmpty;
using testing::SizeIs;

class SamplesTest : public testing::Test {
protected:
    SamplesTest() { engine_.add(1, "web"); }

    /// Lets every container use half a core for so long, with a round every 15 s.
    void run(Duration time) {
        for (Duration passed{0}; passed < time; passed += 15s) round();
    }
    void round() {
        clock_.advance(15s);
        for (auto& [id, fake] : engine_.containers) {
            fake.stats.read_at = clock_.now().wall;
            fake.stats.cpu_total += 7500ms;
            fake.stats.memory_working_set = Bytes::mebi(100);
        }
        samples_.take({});
    }
    Observation observe() { return samples_.observe(targets_, windows_, clock_.now().wall); }
    Usage usage() { return observe().usage.at(id(1)); }
    void oom(WallTime at) {
        engine_.told.push_back(
            {.at = at, .type = "container", .action = "oom", .actor = id(1).full(), .attributes = {}});
    }

    VirtualClock clock_;
    test::FakeEngine engine_;
    SamplesOptions options_{.reach = {.window = 5min, .trend = 1h}, .interval = 15s};
    Samples samples_{engine_, clock_, options_};
    Windows windows_{.window = 5min, .trend = 1h, .check_interval = 5min};
    std::vector<Target> targets_{
        {.id = id(1), .name = "web", .started_at = clock_.now().wall - 24h, .cpu_limited = true}};
};

TEST_F(SamplesTest, measures_once_a_window_was_sampled) {
    EXPECT_EQ(usage().cpu.error(), Gap::warming_up);
    run(6min);
    EXPECT_NEAR(usage().cpu.value().value(), 0.5, 0.001);
    EXPECT_EQ(usage().memory, Bytes::mebi(100));
    EXPECT_EQ(usage().throttled, Ratio(0));
    EXPECT_EQ(usage().oom_kills, 0);
    EXPECT_EQ(usage().cpu_trend.error(), Gap::warming_up);
    run(1h);
    EXPECT_NEAR(usage().cpu_trend.value().value(), 0.5, 0.001);
    EXPECT_THAT(observe().faults, IsEmpty());
}

TEST_F(SamplesTest, an_unknown_or_stopped_container_is_absent) {
    run(6min);
    engine_.containers.at(id(1)).summary.state = docker::ContainerState::exited;
    round();
    EXPECT_EQ(usage().cpu.error(), Gap::absent);
    engine_.containers.clear();
    round();
    EXPECT_EQ(usage().cpu.error(), Gap::absent);
    EXPECT_THAT(samples_.latest(), IsEmpty());
}

TEST_F(SamplesTest, an_engine_that_fails_is_told_with_its_cause) {
    run(6min);
    engine_.list_fails = Error{.code = ErrorCode::timeout, .message = "too slow"};
    round();
    EXPECT_EQ(usage().cpu.error(), Gap::timeout);
    ASSERT_THAT(observe().faults, SizeIs(1));
    EXPECT_EQ(observe().faults[0].what, "engine");
    EXPECT_EQ(observe().faults[0].message, "too slow");
    engine_.list_fails.reset();
    round();
    EXPECT_TRUE(usage().cpu);
}

TEST_F(SamplesTest, one_container_that_fails_leaves_the_others_alone_but_many_end_the_round) {
    for (unsigned i = 2; i <= 50; ++i) engine_.add(i, "c");
    engine_.stats_fail = Error{.code = ErrorCode::timeout, .message = "slow"};
    engine_.stats_calls = 0;
    round();
    EXPECT_EQ(engine_.stats_calls, 3);
    EXPECT_EQ(usage().cpu.error(), Gap::unavailable);
}

TEST_F(SamplesTest, an_engine_that_lets_everybody_wait_is_asked_for_several_at_once) {
    for (unsigned i = 2; i <= 8; ++i) engine_.add(i, "c");
    std::barrier four(4);  // nobody is answered before four have asked
    engine_.on_stats = [&] { four.arrive_and_wait(); };
    Samples samples(engine_, clock_, {.reach = options_.reach, .interval = 15s, .at_once = 4});
    samples.take({});
    EXPECT_EQ(engine_.stats_calls, 8);
    EXPECT_THAT(samples.latest(), SizeIs(8));
}

TEST_F(SamplesTest, an_engine_that_fails_everybody_is_left_in_peace_by_all_who_ask) {
    for (unsigned i = 2; i <= 50; ++i) engine_.add(i, "c");
    engine_.stats_fail = Error{.code = ErrorCode::timeout, .message = "slow"};
    Samples samples(engine_, clock_, {.reach = options_.reach, .interval = 15s, .at_once = 4});
    samples.take({});
    EXPECT_LE(engine_.stats_calls, 6);  // three failed, and three were under way
    EXPECT_EQ(samples.observe(targets_, windows_, clock_.now().wall).usage.at(id(1)).cpu.error(),
              Gap::unavailable);
}

TEST_F(SamplesTest, samples_that_stop_turn_stale) {
    run(6min);
    clock_.advance(9min);
    EXPECT_TRUE(usage().cpu);
    clock_.advance(2min);
    EXPECT_EQ(usage().cpu.error(), Gap::stale);
    EXPECT_EQ(usage().oom_kills.error(), Gap::stale);
}

TEST_F(SamplesTest, an_engine_that_repeats_itself_gives_stale_samples) {
    run(6min);
    for (int i = 0; i < 60; ++i) {
        clock_.advance(15s);
        samples_.take({});
    }
    EXPECT_EQ(usage().cpu.error(), Gap::stale);
}

TEST_F(SamplesTest, counts_each_lack_of_memory_once) {
    run(1min);
    oom(clock_.now().wall + 1s);
    oom(clock_.now().wall + 2s);
    round();
    EXPECT_EQ(usage().oom_kills, 2);
    run(1min);
    EXPECT_EQ(usage().oom_kills, 2);
    for (const auto& wanted : engine_.events_wanted) {
        EXPECT_LE(wanted.until.value(), clock_.now().wall);
        EXPECT_LE(wanted.until.value() - wanted.since.value(), 20s);
        EXPECT_THAT(wanted.actions, testing::ElementsAre("oom"));
    }
}

TEST_F(SamplesTest, what_events_could_not_be_had_are_counted_later) {
    run(1min);
    oom(clock_.now().wall + 1s);
    engine_.events_fail = Error{.code = ErrorCode::permission, .message = "EVENTS=1"};
    round();
    EXPECT_EQ(usage().oom_kills.error(), Gap::unavailable);
    EXPECT_EQ(observe().faults.at(0).what, "oom_kills");
    run(1min);
    engine_.events_fail.reset();
    round();
    EXPECT_EQ(usage().oom_kills, 1);
}

TEST_F(SamplesTest, an_oom_kill_that_ends_the_container_is_counted) {
    run(1min);
    engine_.add(2, "other");
    oom(clock_.now().wall + 1s);
    engine_.containers.at(id(1)).summary.state = docker::ContainerState::restarting;
    round();
    engine_.containers.at(id(1)).summary.state = docker::ContainerState::running;
    round();
    EXPECT_EQ(usage().oom_kills, 1);
}

TEST_F(SamplesTest, forgets_those_that_vanish) {
    for (unsigned i = 2; i < 2000; ++i) {
        engine_.containers.clear();
        engine_.add(i, "replaced");
        round();
        EXPECT_THAT(samples_.latest(), SizeIs(1));
    }
}

TEST_F(SamplesTest, inspects_only_for_the_export_and_then_rarely) {
    round();
    EXPECT_EQ(engine_.inspect_calls, 0);
    Samples exported(engine_, clock_, {.reach = options_.reach, .interval = 15s, .inspect = true});
    for (int i = 0; i < 8; ++i) {
        clock_.advance(15s);
        exported.take({});
    }
    EXPECT_EQ(engine_.inspect_calls, 2);
}

TEST_F(SamplesTest, a_source_reads_them_and_follows_the_windows_of_the_check) {
    DockerSource source(samples_);
    run(6min);
    EXPECT_NEAR(source.observe(targets_, windows_, clock_.now().wall, {}).usage.at(id(1)).cpu->value(), 0.5,
                0.001);
    windows_.window = 20min;
    (void)source.observe(targets_, windows_, clock_.now().wall, {});
    run(15min);
    const Observation seen = source.observe(targets_, windows_, clock_.now().wall, {});
    EXPECT_NEAR(seen.usage.at(id(1)).cpu->value(), 0.5, 0.001);
    EXPECT_EQ(seen.requests, 0);
}

TEST_F(SamplesTest, a_sampler_takes_a_round_at_each_interval_and_leaves_out_those_it_missed) {
    std::atomic<int> rounds = 0;
    engine_.on_list = [&] {
        if (++rounds == 2) clock_.advance(50s);  // an engine that takes its time
    };
    const auto begun = clock_.now().steady;
    const Sampler sampler(samples_, clock_);
    clock_.wait_for_sleepers(1);
    EXPECT_EQ(rounds, 1);
    clock_.advance(15s);
    while (rounds < 2 || clock_.now().steady - begun < 65s) std::this_thread::yield();
    clock_.wait_for_sleepers(1);
    clock_.advance(9s);  // 74 s after the start: the next is due at 75 s
    EXPECT_EQ(rounds, 2);
    clock_.advance(1s);
    while (rounds < 3) std::this_thread::yield();
}

}  // namespace
}  // namespace rm::observe
