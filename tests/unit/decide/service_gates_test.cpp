// SPDX-License-Identifier: Apache-2.0
#include "decide/service_gates.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/decide/situation.h"

namespace rm::decide::test {
namespace {

/// Wants more CPU, and every gate lets it.
Situation busy() {
    Situation web;
    web.use(0.91, 0.5);
    web.checks(2);
    return web;
}

config::DailyWindow window(Duration from, Duration to) {
    return {.from = {std::chrono::floor<std::chrono::minutes>(from)},
            .to = {std::chrono::floor<std::chrono::minutes>(to)}};
}

TEST(ManagedGate, holds_a_service_that_is_not_managed) {
    Situation web = busy();
    web.policy.enabled = false;
    EXPECT_EQ(web.look().summary, "held by managed: the service is not managed");
    web.use(0.5, 0.5);
    EXPECT_EQ(outcome(web.look(), Gate::managed), Outcome::idle);
    EXPECT_EQ(report(web.look(), Gate::managed).reason, "the service is not managed");
}

TEST(PausedGate, holds_until_the_pause_is_over) {
    Situation web = busy();  // at 10:10
    web.view.pause = Pause{.until = web.now + 1ms, .reason = "moving disks"};
    EXPECT_EQ(web.look().summary, "held by paused: paused until 10:10 (moving disks)");
    web.view.pause->until = web.now;
    EXPECT_TRUE(web.look().proposal);
    web.view.pause->until.reset();
    EXPECT_EQ(report(web.look(), Gate::paused).remedy, "resume the service");
    EXPECT_FALSE(web.look().proposal);
}

TEST(DeploymentGate, holds_while_one_is_under_way) {
    Situation web = busy();
    web.view.under_way = "deployment 7 is under way (drain)";
    EXPECT_EQ(web.look().summary, "held by deployment: deployment 7 is under way (drain)");
    web.use(0.5, 0.5);
    EXPECT_EQ(outcome(web.look(), Gate::deployment), Outcome::idle);
    EXPECT_EQ(report(web.look(), Gate::deployment).reason, "deployment 7 is under way (drain)");
}

TEST(DeploymentGate, what_is_seen_in_the_overlap_counts_for_nothing) {
    Situation web;
    web.use(0.91, 0.5);
    (void)web.check();
    web.view.under_way = "deployment 7 is under way";
    web.replica().usage.oom_kills = 1;
    const Verdict verdict = web.check();
    EXPECT_EQ(verdict.next.streaks.cpu, 1);
    EXPECT_FALSE(verdict.oom_seen);
    web.view.under_way.clear();
    EXPECT_EQ(web.check().next.streaks.cpu, 2);
}

TEST(DeploymentGate, holds_what_was_refused_with_the_words_of_the_refusal) {
    Situation web = busy();
    web.view.refused = "blue_green is configured, and is not possible: web-1 publishes the port 80";
    EXPECT_EQ(
        web.look().summary,
        "held by deployment: blue_green is configured, and is not possible: web-1 publishes the port 80");
}

TEST(BackoffGate, leaves_a_service_alone_after_deployments_that_came_to_nothing) {
    Situation web = busy();  // at 10:10
    web.view.backoff = Backoff{.failures = 1, .until = web.now + 48min};
    EXPECT_EQ(web.look().summary, "held by backoff: the last deployment came to nothing; 48m left");
    EXPECT_EQ(report(web.look(), Gate::backoff).remedy, "next possible at 10:58, or deploy it by hand");
    web.view.backoff = Backoff{.failures = 2, .until = web.now + 1ms};
    EXPECT_EQ(report(web.look(), Gate::backoff).reason, "2 deployments in a row came to nothing; 1s left");
    web.view.backoff->until = web.now;
    EXPECT_TRUE(web.look().proposal);
}

TEST(BackoffGate, an_oom_kill_waits_for_its_end_too) {
    Situation web;
    (void)web.check();
    web.replica().usage.oom_kills = 1;
    web.view.backoff = Backoff{.failures = 1, .until = web.now + 10min};
    EXPECT_EQ(outcome(web.look(), Gate::backoff), Outcome::held);
    EXPECT_FALSE(web.look().proposal);
}

TEST(UptimeGate, waits_for_the_youngest_replica) {
    Situation web = busy();
    web.add_replica().started_at = web.now - 10min + 1ms;
    const Verdict verdict = web.look();
    EXPECT_EQ(verdict.summary, "held by uptime: web-2 is up for 10m of 10m");
    EXPECT_EQ(report(verdict, Gate::uptime).remedy, "next possible at 10:10");
    web.view.replicas[1].started_at = web.now - 10min;
    EXPECT_TRUE(web.look().proposal);
    web.view.replicas[1].started_at = web.now + 1h;
    EXPECT_FALSE(web.look().proposal);
}

TEST(CooldownGate, holds_until_the_last_adjustment_is_long_enough_ago) {
    Situation web = busy();
    web.state.last_adjustment = web.now - 18min;
    EXPECT_EQ(web.look().summary, "held by cooldown: 12m left");
    EXPECT_EQ(report(web.look(), Gate::cooldown).remedy, "next possible at 10:22");
    web.state.last_adjustment = web.now - 30min + 1ms;
    EXPECT_FALSE(web.look().proposal);
    web.state.last_adjustment = web.now - 30min;
    EXPECT_TRUE(web.look().proposal);
}

TEST(CooldownGate, a_clock_that_was_set_back_makes_nobody_wait_longer_than_once) {
    Situation web = busy();
    web.state.last_adjustment = web.now + 1000h;
    const Verdict verdict = web.look();
    EXPECT_EQ(verdict.summary, "held by cooldown: 30m left");
    EXPECT_EQ(verdict.next.last_adjustment, web.now);
}

TEST(DailyLimitGate, counts_the_adjustments_of_today_only) {
    Situation web = busy();
    web.state.adjustments = {.day = "2026-03-10", .count = 5};
    EXPECT_TRUE(web.look().proposal);
    web.state.adjustments.count = 6;
    EXPECT_EQ(web.look().summary, "held by daily_limit: 6 of 6 today");
    EXPECT_EQ(report(web.look(), Gate::daily_limit).remedy,
              "next possible at 2026-03-11 00:00, or raise adjustment.max_adjustments_per_day");
    web.state.adjustments.day = "2026-03-09";
    EXPECT_TRUE(web.look().proposal);
    web.policy.adjustment.max_adjustments_per_day = 0;
    EXPECT_FALSE(web.look().proposal);
}

/// The UTC times, in minutes, at which a full day's limit lets something pass again.
std::vector<WallTime> resets(std::string_view zone, WallTime from, WallTime to) {
    Situation web = busy();
    web.policy.adjustment.timezone = zone;
    std::vector<WallTime> found;
    web.state.last_check.reset();
    web.state.adjustments = {.day = "", .count = 6};
    for (web.now = from; web.now < to; web.now += 1min) {
        const Verdict verdict = web.look();
        if (outcome(verdict, Gate::daily_limit) == Outcome::held) continue;
        found.push_back(web.now);
        for (int count = 0; count < 6; ++count)
            web.state = after_adjustment(web.state, {.from = {}, .to = {.cpu = cores("1"), .memory = {}}},
                                         web.policy, web.now, false);
        web.state.streaks.cpu = 2;
    }
    return found;
}

TEST(DailyLimitGate, resets_exactly_once_at_local_midnight_on_the_days_of_the_clock_change) {
    EXPECT_EQ(resets("Europe/Berlin", at("2026-03-28", 22h), at("2026-03-30", 23h)),
              (std::vector{at("2026-03-28", 22h), at("2026-03-28", 23h), at("2026-03-29", 22h),
                           at("2026-03-30", 22h)}));
    EXPECT_EQ(resets("Europe/Berlin", at("2026-10-24", 21h), at("2026-10-26", 23h + 30min)),
              (std::vector{at("2026-10-24", 21h), at("2026-10-24", 22h), at("2026-10-25", 23h),
                           at("2026-10-26", 23h)}));
}

TEST(MaintenanceWindowGate, lets_changes_pass_in_the_zones_time_only) {
    Situation web = busy();
    web.policy.adjustment.timezone = "Europe/Berlin";
    web.policy.adjustment.maintenance_window = window(2h, 4h);
    web.now = at("2026-07-01", 1h + 59min);  // 03:59 there
    web.state.last_check = web.now - 5min;
    EXPECT_TRUE(web.look().proposal);
    web.now += 1min;
    EXPECT_EQ(web.look().summary, "held by maintenance_window: 04:00 is not within 02:00-04:00");
    EXPECT_EQ(report(web.look(), Gate::maintenance_window).remedy, "next possible at 2026-07-02 02:00");
    web.now = at("2026-07-01", 0h);
    web.state.last_check = web.now - 5min;
    EXPECT_TRUE(web.look().proposal);
    web.now -= 1ms;
    EXPECT_EQ(report(web.look(), Gate::maintenance_window).remedy, "next possible at 02:00");
}

TEST(MaintenanceWindowGate, may_go_over_midnight) {
    Situation web = busy();
    web.policy.adjustment.maintenance_window = window(23h, 1h);
    EXPECT_FALSE(web.look().proposal);
    web.policy.adjustment.maintenance_window = window(22h, 10h + 11min);
    EXPECT_TRUE(web.look().proposal);
}

TEST(MaintenanceWindowGate, holds_in_a_zone_that_the_host_does_not_know) {
    Situation web = busy();
    web.policy.adjustment.timezone = "Mars/Olympus";
    EXPECT_TRUE(web.look().proposal);
    web.policy.adjustment.maintenance_window = window(0h, 23h + 59min);
    EXPECT_EQ(web.look().summary,
              "held by maintenance_window: the host does not know the time zone Mars/Olympus");
}

TEST(ServiceGates, are_idle_where_nothing_is_wished) {
    const Verdict verdict = Situation().look();
    for (const GateReport& each : verdict.gates)
        EXPECT_EQ(each.outcome, each.gate == Gate::data ? Outcome::passed : Outcome::idle)
            << to_string(each.gate);
}

}  // namespace
}  // namespace rm::decide::test
