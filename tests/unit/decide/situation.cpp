// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/decide/situation.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/unit/config/loading.h"

namespace rm::decide::test {
namespace {

Cores share_of(Cores limit, double share) {
    return Cores::from_nanos(std::llround(limit.value() * 1e9 * share));
}

Bytes share_of(Bytes limit, double share) {
    return Bytes(std::llround(static_cast<double>(limit.count()) * share));
}

}  // namespace

WallTime at(std::string_view day, Duration time) {
    const auto number = [&](std::size_t from, std::size_t count) {
        return std::stoi(std::string(day.substr(from, count)));
    };
    const std::chrono::year_month_day date(std::chrono::year(number(0, 4)),
                                           std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                           std::chrono::day(static_cast<unsigned>(number(8, 2))));
    return std::chrono::sys_days(date) + time;
}

Cores cores(std::string_view text) {
    return Cores::parse(text).value();
}

Bytes bytes(std::string_view text) {
    return Bytes::parse(text).value();
}

ContainerId container(char digit) {
    return ContainerId::parse(std::string(64, digit)).value();
}

config::ServicePolicy default_policy() {
    static const config::ServicePolicy policy =
        config::test::loaded("").service(ServiceName::parse("web").value());
    return policy;
}

Situation::Situation()
    : policy(default_policy()),
      view{.name = ServiceName::parse("web").value(),
           .replicas = {Replica{.id = container('a'),
                                .name = "web-1",
                                .limits = {.cpu = cores("0.5"), .memory = bytes("512M")},
                                .started_at = at("2026-03-08", 10h),
                                .usage = {}}},
           .host = Host{.cpus = Cores::whole(8), .memory = bytes("16G"), .memory_used = bytes("4G")},
           .pause = {}},
      now(at("2026-03-10", 10h)) {
    use(0.5, 0.5);
    replica().usage.throttled = Ratio(0);
    replica().usage.oom_kills = 0;
}

Replica& Situation::add_replica() {
    Replica copy = view.replicas.front();
    copy.id = container(static_cast<char>('a' + static_cast<char>(view.replicas.size())));
    copy.name = "web-" + std::to_string(view.replicas.size() + 1);
    return view.replicas.emplace_back(std::move(copy));
}

void Situation::limit(std::optional<Cores> cpu, std::optional<Bytes> memory) {
    for (Replica& each : view.replicas) each.limits = {.cpu = cpu, .memory = memory};
    use(0.5, 0.5);
}

void Situation::use(double cpu, double memory) {
    for (Replica& each : view.replicas) {
        each.usage.cpu = share_of(each.limits.cpu.value_or(cores("0.5")), cpu);
        each.usage.memory = share_of(each.limits.memory.value_or(bytes("512M")), memory);
        each.usage.cpu_trend = each.usage.cpu;
        each.usage.memory_trend = each.usage.memory;
    }
}

Verdict Situation::check() {
    Verdict verdict = look();
    state = verdict.next;
    now += 5min;
    return verdict;
}

Verdict Situation::checks(int count) {
    for (int done = 1; done < count; ++done) check();
    return check();
}

void Situation::carry_out(const Proposal& proposal) {
    state = after_adjustment(state, proposal, policy, now, false);
    for (Replica& each : view.replicas) each.limits = proposal.to;
}

GateReport report(const Verdict& verdict, Gate gate, std::optional<Resource> resource) {
    const auto found = std::ranges::find_if(verdict.gates, [&](const GateReport& each) {
        return each.gate == gate && (!resource || each.resource == resource);
    });
    if (found == verdict.gates.end()) {
        ADD_FAILURE() << "no report of " << to_string(gate);
        return {.gate = gate, .resource = resource, .reason = {}, .remedy = {}};
    }
    return *found;
}

Outcome outcome(const Verdict& verdict, Gate gate, std::optional<Resource> resource) {
    return report(verdict, gate, resource).outcome;
}

}  // namespace rm::decide::test
