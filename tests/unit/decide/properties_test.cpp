// SPDX-License-Identifier: Apache-2.0
// What holds for every policy, every state and every usage.
#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "decide/calendar.h"
#include "tests/unit/decide/situation.h"

namespace rm::decide::test {
namespace {

template <class T>
rc::Gen<T> some(T from, T to) {
    return rc::gen::inRange<T>(from, to);
}

bool maybe(int of_hundred) {
    return *some(0, 100) < of_hundred;
}

Cores any_cores(std::int64_t from, std::int64_t to) {
    return Cores::from_nanos(*some(from, to) * 10'000'000);
}

Bytes any_bytes(std::int64_t from, std::int64_t to) {
    return Bytes::mebi(*some(from, to));
}

config::ServicePolicy any_policy() {
    config::ServicePolicy policy = default_policy();
    policy.service_class = *rc::gen::element(config::ServiceClass::critical, config::ServiceClass::normal);
    policy.direction = *rc::gen::element(config::Direction::both, config::Direction::both,
                                         config::Direction::up, config::Direction::down);
    policy.deployment.strategy = *rc::gen::element(config::Strategy::blue_green, config::Strategy::in_place);
    policy.thresholds.consecutive_checks = *some(1, 4);
    policy.adjustment.cooldown_period = *rc::gen::element<Duration>(0s, 7min, 30min);
    policy.adjustment.max_adjustments_per_day = *some(1, 6);
    policy.adjustment.timezone = *rc::gen::element<std::string>("UTC", "Europe/Berlin", "Asia/Tokyo");
    policy.adjustment.increase_factor = Ratio(1 + *some(1, 200) / 100.0);
    policy.adjustment.decrease_factor = Ratio(*some(10, 99) / 100.0);
    policy.bounds.cpu.min = any_cores(1, 100);
    policy.bounds.cpu.max = any_cores(100, 1000);
    policy.bounds.memory.min = any_bytes(6, 500);
    policy.bounds.memory.max = any_bytes(500, 9000);
    if (maybe(30)) policy.baseline.cpu = any_cores(100, 101);
    if (maybe(30)) policy.baseline.memory = any_bytes(500, 501);
    if (maybe(30)) policy.initial = {.cpu = any_cores(100, 101), .memory = any_bytes(500, 501)};
    return policy;
}

template <class T, class Make>
Reading<T> reading(Make make) {
    if (maybe(6)) return tl::unexpected(*rc::gen::element(Gap::stale, Gap::absent, Gap::timeout));
    return make();
}

Usage any_usage() {
    return {.cpu = reading<Cores>([] { return any_cores(0, 1000); }),
            .memory = reading<Bytes>([] { return any_bytes(0, 9000); }),
            .throttled = reading<Ratio>([] { return Ratio(*some(0, 50) / 100.0); }),
            .oom_kills = reading<std::int64_t>([] { return *some(0, 4); }),
            .cpu_trend = reading<Cores>([] { return any_cores(0, 100); }),
            .memory_trend = reading<Bytes>([] { return any_bytes(0, 1000); })};
}

Limits any_limits() {
    Limits limits;
    if (!maybe(10)) limits.cpu = any_cores(1, 1200);
    if (!maybe(10)) limits.memory = any_bytes(6, 12000);
    return limits;
}

Situation any_situation() {
    Situation web;
    web.policy = any_policy();
    if (maybe(40)) web.add_replica();
    const Limits limits = any_limits();
    for (Replica& each : web.view.replicas) {
        each.limits = limits;
        each.started_at = web.now - *some(0, 200) * 1min;
        each.usage = any_usage();
    }
    if (maybe(5)) web.view.host.reset();
    if (web.view.host) web.view.host->memory_used = any_bytes(0, 16000);
    web.state.streaks = {.cpu = *some(-5, 6), .memory = *some(-5, 6)};
    web.state.last_check = web.now - *some(-5, 20) * 1min;
    if (maybe(25)) web.state.last_adjustment = web.now - *some(-5, 60) * 1min;
    if (maybe(25)) web.state.adjustments = {.day = "2026-03-10", .count = *some(0, 6)};
    if (maybe(20)) web.state.last_oom = web.now - *some(-1, 30) * 1h;
    if (maybe(20)) web.state.pending_oom = PendingOom{.since = web.now - *some(-5, 70) * 1min};
    if (maybe(40)) web.state.oom_kills = {{web.replica().id.full(), *some(0, 4)}};
    return web;
}

/// One more check of a service whose usage is another one now.
Verdict go_on(Situation& web) {
    web.now += *rc::gen::element<Duration>(1min, 5min, 5min, 5min, 12min, 3h);
    for (Replica& each : web.view.replicas) each.usage = any_usage();
    Verdict verdict = web.look();
    web.state = verdict.next;
    return verdict;
}

template <class T>
bool is_within(const T& value, const T& min, const T& max) {
    return min <= value && value <= max;
}

bool keeps_bounds(const Proposal& proposal, const config::Bounds& bounds) {
    const bool cpu = proposal.to.cpu == proposal.from.cpu ||
                     is_within(proposal.to.cpu.value(), bounds.cpu.min, bounds.cpu.max);
    const bool memory = proposal.to.memory == proposal.from.memory ||
                        is_within(proposal.to.memory.value(), bounds.memory.min, bounds.memory.max);
    return cpu && memory;
}

/// No limit counts as the largest.
template <class T>
bool is_less(const std::optional<T>& a, const std::optional<T>& b) {
    return a && (!b || *a < *b);
}

Limits decided(const Verdict& verdict) {
    return verdict.proposal ? verdict.proposal->to : verdict.in_force;
}

bool is_same(const GateReport& a, const GateReport& b) {
    return std::tie(a.gate, a.resource, a.outcome, a.reason, a.remedy) ==
           std::tie(b.gate, b.resource, b.outcome, b.reason, b.remedy);
}

RC_GTEST_PROP(Always, telling_less_of_the_gates_changes_nothing_else, ()) {
    const Situation web = any_situation();
    Verdict all = web.look();
    const Verdict held = decide(web.view, web.policy, web.rules, web.state, web.now, Words::held);
    std::erase_if(all.gates, [](const GateReport& gate) { return gate.outcome != Outcome::held; });
    RC_ASSERT(std::ranges::equal(held.gates, all.gates, is_same));
    RC_ASSERT(held.summary == all.summary);
    RC_ASSERT(held.next == all.next);
    RC_ASSERT(held.cpu_ceiling == all.cpu_ceiling);
    RC_ASSERT(held.memory_ceiling == all.memory_ceiling);
    RC_ASSERT(decided(held) == decided(all));
    RC_ASSERT(held.proposal.has_value() == all.proposal.has_value());
    if (held.proposal) RC_ASSERT(held.proposal->reason == all.proposal->reason);
}

RC_GTEST_PROP(Always, proposals_change_something_and_keep_to_the_bounds, ()) {
    const Situation web = any_situation();
    const Verdict verdict = web.look();
    RC_CLASSIFY(verdict.proposal.has_value(), "proposal");
    if (!verdict.proposal) return;
    RC_ASSERT(verdict.proposal->from != verdict.proposal->to);
    RC_ASSERT(keeps_bounds(*verdict.proposal, web.policy.bounds));
}

RC_GTEST_PROP(Always, adjustments_keep_to_the_cooldown_and_the_daily_limits, ()) {
    Situation web = any_situation();
    web.state = {};
    web.policy.thresholds.consecutive_checks = *some(1, 3);
    std::map<std::string, std::int64_t> of_day;
    std::map<std::string, std::int64_t> ooms_of_day;
    std::optional<WallTime> last;
    for (int check = 0; check < 40; ++check) {
        const Verdict verdict = go_on(web);
        if (!verdict.proposal) continue;
        const std::string day = local_day(web.policy.adjustment.timezone, web.now);
        const bool cpu_changes = verdict.proposal->from.cpu != verdict.proposal->to.cpu;
        if (!verdict.proposal->oom || cpu_changes) {
            RC_ASSERT(!last || web.now - *last >= web.policy.adjustment.cooldown_period);
            RC_ASSERT(++of_day[day] <= web.policy.adjustment.max_adjustments_per_day);
        }
        if (verdict.proposal->oom) RC_ASSERT(++ooms_of_day[day] <= 3);
        last = web.now;
        web.carry_out(*verdict.proposal);
    }
    RC_CLASSIFY(last.has_value(), "adjusted");
}

RC_GTEST_PROP(Always, critical_services_never_shrink, ()) {
    Situation web = any_situation();
    web.policy.service_class = config::ServiceClass::critical;
    web.policy.initial = {};
    const Verdict verdict = web.look();
    RC_ASSERT(!is_less(decided(verdict).cpu, verdict.in_force.cpu));
    RC_ASSERT(!is_less(decided(verdict).memory, verdict.in_force.memory));
}

RC_GTEST_PROP(Always, what_is_not_known_never_shrinks, ()) {
    Situation web = any_situation();
    web.state.streaks = {.cpu = -9, .memory = -9};
    Usage& usage = (maybe(50) ? web.view.replicas.front() : web.view.replicas.back()).usage;
    const Gap gap = *rc::gen::element(Gap::absent, Gap::stale, Gap::negative, Gap::unavailable);
    const bool is_cpu = maybe(50);
    if (is_cpu)
        usage.cpu = tl::unexpected(gap);
    else
        usage.memory = tl::unexpected(gap);
    const Verdict verdict = web.look();
    if (is_cpu)
        RC_ASSERT(!is_less(decided(verdict).cpu, verdict.in_force.cpu));
    else
        RC_ASSERT(!is_less(decided(verdict).memory, verdict.in_force.memory));
}

bool same(const Verdict& a, const Verdict& b) {
    const auto told = [](const GateReport& report) {
        return std::tie(report.gate, report.resource, report.outcome, report.reason, report.remedy);
    };
    return a.summary == b.summary && a.next == b.next && decided(a) == decided(b) &&
           a.cpu_ceiling == b.cpu_ceiling && a.memory_ceiling == b.memory_ceiling &&
           std::ranges::equal(a.gates, b.gates, {}, told, told);
}

RC_GTEST_PROP(Always, the_same_input_gives_the_same_verdict, ()) {
    const Situation web = any_situation();
    RC_ASSERT(same(web.look(), web.look()));
}

RC_GTEST_PROP(Always, a_restart_between_any_two_checks_changes_nothing, ()) {
    Situation web = any_situation();
    const int checks = *some(1, 15);
    for (int check = 0; check < checks; ++check) {
        const Verdict verdict = go_on(web);
        if (verdict.proposal && maybe(50))
            web.state = after_adjustment(web.state, *verdict.proposal, web.policy, web.now, maybe(50));
        RC_ASSERT(parse_state(print(web.state)).value() == web.state);
    }
    Situation restarted = web;
    restarted.state = parse_state(print(web.state)).value();
    RC_ASSERT(same(web.look(), restarted.look()));
}

RC_GTEST_PROP(Always, more_usage_never_gives_less, ()) {
    Situation web = any_situation();
    const Limits before = decided(web.look());
    for (Replica& each : web.view.replicas) {
        if (maybe(30)) continue;
        if (each.usage.cpu)
            each.usage.cpu = Cores::from_nanos(each.usage.cpu->nanos() + any_cores(0, 200).nanos());
        if (each.usage.memory)
            each.usage.memory = Bytes(each.usage.memory->count() + any_bytes(0, 2000).count());
        if (each.usage.throttled)
            each.usage.throttled = Ratio(each.usage.throttled->value() + *some(0, 30) / 100.0);
        if (each.usage.cpu_trend)
            each.usage.cpu_trend =
                Cores::from_nanos(each.usage.cpu_trend->nanos() + any_cores(0, 50).nanos());
    }
    const Limits after = decided(web.look());
    RC_ASSERT(!is_less(after.cpu, before.cpu));
    RC_ASSERT(!is_less(after.memory, before.memory));
}

RC_GTEST_PROP(Always, odd_numbers_are_survived, ()) {
    using Number = std::int64_t;
    const auto odd = [] {
        return *rc::gen::oneOf(rc::gen::element<Number>(0, 1, -1, std::numeric_limits<Number>::max(),
                                                        std::numeric_limits<Number>::min()),
                               rc::gen::arbitrary<Number>());
    };
    Situation web = any_situation();
    web.policy.thresholds.min_uptime = 0s;
    web.policy.adjustment.cooldown_period = 0s;
    web.state.streaks = {.cpu = odd() % 1000, .memory = odd() % 1000};
    web.rules.check_interval = Duration(odd() % 1000);
    for (Replica& each : web.view.replicas) {
        each.limits = {.cpu = Cores::from_nanos(odd()), .memory = Bytes(odd())};
        each.usage.cpu = Cores::from_nanos(odd());
        each.usage.memory = Bytes(odd());
        each.usage.oom_kills = odd();
        each.usage.throttled = Ratio(static_cast<double>(odd()));
        each.usage.cpu_trend = Cores::from_nanos(odd());
        each.usage.memory_trend = Bytes(odd());
    }
    web.view.host = Host{.cpus = Cores::whole(*some(0, 1000)),
                         .memory = Bytes(std::max(odd(), Number{0})),
                         .memory_used = Bytes(odd()),
                         .memory_promised = Bytes(odd())};
    const Verdict verdict = web.look();
    RC_ASSERT(!verdict.summary.empty());
    if (verdict.proposal) RC_ASSERT(keeps_bounds(*verdict.proposal, web.policy.bounds));
}

}  // namespace
}  // namespace rm::decide::test
