// SPDX-License-Identifier: Apache-2.0
// What must hold on a day: at every moment, after every check and in the end.
#include <algorithm>

#include <fmt/format.h>

#include "decide/admit.h"
#include "store/decisions.h"
#include "store/deployments.h"
#include "tests/unit/app/day.h"

namespace rm::app::test {
namespace {

using namespace std::chrono_literals;
using docker::Container;
using docker::ContainerState;
using docker::HealthState;

std::string named_service(const Container& one) {
    return one.labels.at("com.docker.compose.service");
}

struct Seen {
    int healthy = 0;
    std::int64_t restarts = 0;
};

bool is_raised(const decide::Proposal& proposal) {
    return proposal.to.memory > proposal.from.memory;
}

/// What it may take of the host's memory.
Bytes raise_of(const decide::Assessment& service) {
    const decide::Proposal& proposal = *service.verdict.proposal;
    std::optional<Bytes> least;
    for (const decide::Replica& each : service.service.replicas) {
        const Bytes used = each.usage.memory.value_or(Bytes());
        least = std::min(least.value_or(used), used);
    }
    return decide::memory_promised(service.policy->deployment.strategy, proposal.from, proposal.to,
                                   least.value_or(Bytes()));
}

}  // namespace

/// Each service has a healthy replica, but where something hit it that no controller can help, and where its
/// strategy is to stop it first. A kernel that kills for lack of memory shows as a restart.
void Day::look() {
    ++tally_.looks;
    std::map<std::string, Seen> seen;
    for (const Container& one : containers()) {
        Seen& of = seen[named_service(one)];
        if (one.health == HealthState::healthy) ++of.healthy;
        of.restarts += one.restart_count;
    }
    const auto rows = store::unfinished(*store_, engine_id_);
    if (!rows) return complain(rows.error().message);
    if (rows->size() > 20) complain("deployments pile up");
    for (auto& [service, of] : seen) {
        Excuse& excuse = excuses_[service];
        if (of.restarts > excuse.restarts) excuse.until = std::max(excuse.until, now() + 1min);
        excuse.restarts = of.restarts;
        const auto row = std::ranges::find(
            *rows, service, [](const store::Deployment& each) { return each.service.service(); });
        // One that was hit in the middle of a deployment has its excuse until that has ended.
        if (row != rows->end() && (now() < excuse.until || row->strategy == "recreate"))
            excuse.until = std::max(excuse.until, now() + 1min);
        if (of.healthy == 0 && now() >= excuse.until) complain(service + " has no healthy replica");
    }
    if (seen.size() != excuses_.size()) complain("a service is gone");
}

/// Whatever is begun together fits on the host together.
void Day::look_at_raises(const decide::Check& check) {
    std::int64_t promised = 0;
    std::optional<std::int64_t> room;
    std::optional<std::int64_t> before;  // to deployments under way
    for (const decide::Assessment& service : check.services) {
        const auto& proposal = service.verdict.proposal;
        const auto& host = service.service.host;
        if (!proposal || !is_raised(*proposal) || !host || !host->memory_used) continue;
        const std::int64_t left =
            host->memory.count() - host->memory_used->count() - host->memory.count() / 20;
        room = left;
        before = std::min(before.value_or(left), host->memory_promised.count());
        promised += raise_of(service).count();
        if (*proposal->to.memory > service.policy->bounds.memory.max)
            complain(service.shown_as + " gets more than its bounds");
    }
    if (room && promised + *before > *room)
        complain(fmt::format("{} are promised, and {} are free", print(Bytes(promised + *before)),
                             print(Bytes(*room))));
}

/// One container of each service, as it would be without us but for its limits, which the journal tells.
void Day::look_at_the_end() {
    std::map<std::string, int> count;
    const auto rows = store::deployments(*store_, {.service = {}, .before = {}, .limit = 100'000});
    if (!rows) return complain(rows.error().message);
    for (const Container& one : containers()) {
        const std::string service = named_service(one);
        ++count[service];
        if (one.state != ContainerState::running || one.health != HealthState::healthy)
            complain(one.name + " does not serve in the end");
        if (one.restart.policy != docker::RestartPolicy::unless_stopped)
            complain(one.name + " lost its restart policy");
        const auto stats = engine_.stats(one.id, {});
        if (!stats || stats->memory_limit != one.limits.memory)
            complain("the kernel does not hold " + one.name + " to its limit");
        const auto last = std::ranges::find_if(*rows, [&](const store::Deployment& row) {
            return row.service.service() == service && row.requested_by != store::requested_by_sweep;
        });
        if (last == rows->end()) continue;
        if (last->status == "succeeded" && one.limits != last->to)
            complain(one.name + " has other limits than the last deployment gave it");
        if (last->status == "rolled_back" && one.limits != last->from)
            complain(one.name + " has other limits than before the last deployment");
    }
    for (const auto& [service, number] : count)
        if (number != 1) complain(fmt::format("{} has {} containers", service, number));
    for (const store::Deployment& row : *rows)
        if (!row.finished_at || (row.status != "succeeded" && row.failure.empty()))
            complain(fmt::format("deployment {} does not say how it ended", row.id));
}

}  // namespace rm::app::test
