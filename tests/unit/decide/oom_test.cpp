// SPDX-License-Identifier: Apache-2.0
#include "decide/oom.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/decide/situation.h"

namespace rm::decide::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A service of which one check was seen, and whose counter has then grown by one.
Situation killed(std::string_view memory = "512M") {
    Situation web;
    web.limit(cores("0.5"), bytes(memory));
    web.check();
    web.replica().usage.oom_kills = 1;
    return web;
}

TEST(Oom, a_kill_raises_memory_at_once) {
    Situation web = killed();
    const Verdict verdict = web.look();
    EXPECT_TRUE(verdict.oom_seen);
    EXPECT_EQ(verdict.memory, Wish::raise);
    ASSERT_TRUE(verdict.proposal);
    EXPECT_TRUE(verdict.proposal->oom);
    EXPECT_EQ(print(verdict.proposal->to), "0.5 CPU, 717M");  // 1.4 times 512M, and up
    EXPECT_EQ(verdict.summary, "memory 512M -> 717M: an OOM kill");
}

TEST(Oom, small_limits_grow_by_a_hundred_mebibytes_beyond_limit_and_usage) {
    EXPECT_EQ(killed("100M").look().proposal.value().to.memory, bytes("200M"));
    Situation web = killed("100M");
    web.replica().usage.memory = bytes("130M");  // of before its limit was cut
    EXPECT_EQ(web.look().proposal.value().to.memory, bytes("230M"));
}

TEST(Oom, does_not_wait_for_data_hysteresis_uptime_cooldown_or_the_daily_limit) {
    Situation web = killed();
    web.replica().started_at = web.now - 1s;
    web.replica().usage.memory = tl::unexpected(Gap::warming_up);
    web.state.last_adjustment = web.now - 1s;
    web.state.adjustments = {.day = "2026-03-10", .count = 6};
    const Verdict verdict = web.look();
    EXPECT_EQ(verdict.proposal.value().to.memory, bytes("717M"));
    EXPECT_EQ(report(verdict, Gate::cooldown).reason, "30m left, which an OOM kill does not wait for");
}

TEST(Oom, is_held_by_what_people_decided) {
    Situation web = killed();
    web.policy.enabled = false;
    EXPECT_THAT(web.look().summary, StartsWith("held by managed"));
    web = killed();
    web.view.pause = Pause{};
    EXPECT_THAT(web.look().summary, StartsWith("held by paused"));
    web = killed();
    web.policy.direction = config::Direction::down;
    EXPECT_THAT(web.look().summary, StartsWith("held by direction"));
    web = killed();
    web.policy.adjustment.maintenance_window = config::DailyWindow{.from = {2h}, .to = {3h}};
    EXPECT_THAT(web.look().summary, StartsWith("held by maintenance_window"));
}

TEST(Oom, one_that_could_not_act_waits_an_hour) {
    Situation web = killed();
    web.view.pause = Pause{};
    web.check();
    const WallTime seen = web.now - 5min;
    web.view.pause.reset();
    web.now = seen + 1h - 1ms;
    EXPECT_FALSE(web.look().oom_seen);
    EXPECT_TRUE(web.look().proposal);
    web.now = seen + 1h;
    EXPECT_FALSE(web.look().proposal);
    EXPECT_FALSE(web.look().next.pending_oom);
}

TEST(Oom, acts_once) {
    Situation web = killed();
    web.carry_out(web.check().proposal.value());
    EXPECT_FALSE(web.state.pending_oom);
    EXPECT_FALSE(web.look().proposal);
}

TEST(Oom, stays_pending_until_the_proposal_was_carried_out) {
    Situation web = killed();
    EXPECT_TRUE(web.check().proposal);
    EXPECT_TRUE(web.check().proposal);
}

TEST(Oom, the_second_within_a_day_doubles) {
    Situation web = killed();
    web.carry_out(web.check().proposal.value());
    const WallTime first = *web.state.last_oom;
    web.replica().usage.oom_kills = 2;
    web.now = first + 24h - 1ms;
    EXPECT_EQ(web.look().summary, "memory 717M -> 1434M: another OOM kill within 24h");
    web.now = first + 24h;
    EXPECT_EQ(web.look().proposal.value().to.memory, bytes("1004M"));
}

TEST(Oom, after_three_raises_in_a_day_it_says_so_and_stops) {
    Situation web = killed("64M");
    for (int kill = 1; kill <= 3; ++kill) {
        web.replica().usage.oom_kills = kill;
        web.carry_out(web.check().proposal.value());
    }
    EXPECT_EQ(web.state.oom_raises, (DayCount{.day = "2026-03-10", .count = 3}));
    EXPECT_EQ(web.state.adjustments.count, 0);
    web.replica().usage.oom_kills = 4;
    const Verdict verdict = web.look();
    EXPECT_FALSE(verdict.proposal);
    EXPECT_EQ(verdict.summary, "held by daily_limit: 3 of 3 raises after OOM kills today");
    EXPECT_THAT(report(verdict, Gate::daily_limit).remedy, HasSubstr("find out what needs the memory"));
    web.state.oom_raises.day = "2026-03-09";
    EXPECT_TRUE(web.look().proposal);
}

TEST(Oom, stays_within_the_bounds_and_the_host) {
    EXPECT_EQ(killed("7G").look().proposal.value().clamped_memory, "bounds.memory.max");
    const Verdict at_maximum = killed("8G").look();
    EXPECT_TRUE(at_maximum.memory_at_maximum);
    EXPECT_THAT(at_maximum.summary, StartsWith("held by bounds: memory of 8G"));
    Situation web = killed();
    web.view.host->memory_used = bytes("15G");
    EXPECT_EQ(web.look().memory_ceiling, "host");
}

TEST(Oom, starts_the_cooldown) {
    Situation web = killed();
    web.carry_out(web.check().proposal.value());
    web.use(0.9, 0.5);
    EXPECT_EQ(web.lasting().summary, "held by cooldown: 20m left");
}

TEST(Oom, cpu_comes_along_only_if_its_own_gates_let_it) {
    Situation web = killed();
    web.use(0.9, 0.5);
    web.state.streaks.cpu = 2;
    EXPECT_EQ(print(web.look().proposal.value().to), "0.63 CPU, 717M");
    web.state.last_adjustment = web.now - 10min;
    const Verdict verdict = web.look();
    EXPECT_EQ(print(verdict.proposal.value().to), "0.5 CPU, 717M");
    EXPECT_EQ(report(verdict, Gate::cooldown).reason,
              "20m left, which an OOM kill does not wait for; CPU waits: 20m left");
    EXPECT_EQ(outcome(verdict, Gate::cooldown), Outcome::passed);
}

TEST(Oom, where_memory_has_no_room_cpu_keeps_to_its_own_rules) {
    Situation web = killed("8G");
    web.use(0.9, 0.5);
    web.state.streaks.cpu = 2;
    EXPECT_EQ(web.look().proposal.value().to.cpu, cores("0.63"));
    EXPECT_FALSE(web.look().proposal->oom);
    web.state.last_adjustment = web.now - 10min;
    EXPECT_FALSE(web.look().proposal);
    EXPECT_EQ(outcome(web.look(), Gate::cooldown), Outcome::held);
}

TEST(Oom, a_container_seen_first_only_tells_where_counting_starts) {
    Situation web;
    web.replica().usage.oom_kills = 7;
    EXPECT_FALSE(web.check().oom_seen);
    EXPECT_FALSE(web.check().oom_seen);
    web.replica().usage.oom_kills = 8;
    EXPECT_TRUE(web.check().oom_seen);
}

TEST(Oom, a_counter_that_starts_again_is_no_kill_but_those_after_it_are) {
    Situation web;
    web.replica().usage.oom_kills = 7;
    web.check();
    web.replica().usage.oom_kills = 2;
    EXPECT_FALSE(web.check().oom_seen);
    web.replica().usage.oom_kills = 3;
    EXPECT_TRUE(web.check().oom_seen);
}

TEST(Oom, a_container_that_was_away_for_a_check_is_not_seen_first_again) {
    Situation web = killed();
    const auto running = web.view.replicas;
    web.view.replicas.clear();
    web.check();
    web.view.replicas = running;
    EXPECT_TRUE(web.check().oom_seen);
}

TEST(Oom, containers_that_never_come_back_are_forgotten) {
    Situation web;
    for (int number = 0; number < 100; ++number) {
        web.replica().id = ContainerId::parse(fmt::format("{:064x}", number)).value();
        web.check();
        EXPECT_LE(web.state.oom_kills.size(), 9U);
        EXPECT_TRUE(web.state.oom_kills.contains(web.replica().id.full()));
    }
}

TEST(Oom, a_missing_counter_changes_nothing) {
    Situation web = killed();
    web.replica().usage.oom_kills = tl::unexpected(Gap::stale);
    EXPECT_FALSE(web.check().oom_seen);
    web.replica().usage.oom_kills = 1;
    EXPECT_TRUE(web.check().oom_seen);
}

TEST(Oom, memory_is_not_lowered_for_a_day_after_a_kill) {
    Situation web = killed();
    web.carry_out(web.check().proposal.value());
    const WallTime seen = *web.state.last_oom;
    web.use(0.5, 0.1);
    web.checks(12);
    EXPECT_EQ(web.look().summary,
              "held by trend: an OOM kill 1h5m ago: memory is not lowered for 24h after one");
    EXPECT_EQ(report(web.look(), Gate::trend, Resource::memory).remedy, "next possible at 2026-03-11 10:05");
    web.now = seen + 24h;
    web.state.last_check = web.now - 5min;
    EXPECT_TRUE(web.look().proposal);
}

}  // namespace
}  // namespace rm::decide::test
