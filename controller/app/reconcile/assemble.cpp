// SPDX-License-Identifier: Apache-2.0
#include "app/reconcile/assemble.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/text.h"
#include "decide/admit.h"
#include "deploy/deployment.h"
#include "deploy/setbacks.h"
#include "store/deployments.h"

namespace rm::app {
namespace {

Usage usage_of(const observe::Observation& observation, const ContainerId& id) {
    const auto found = observation.usage.find(id);
    return found == observation.usage.end() ? Usage{} : found->second;
}

std::optional<decide::Pause> pause_of(const std::vector<store::Pause>& pauses, const ServiceName& name) {
    const auto found = std::ranges::find(pauses, name, &store::Pause::service);
    if (found == pauses.end()) return std::nullopt;
    return decide::Pause{.until = found->until, .reason = found->reason};
}

std::optional<decide::Backoff> backoff_of(const Journal& journal, const ServiceName& name,
                                          const config::ServicePolicy& policy) {
    const auto found = std::ranges::find(journal.setbacks, name, &store::Setbacks::service);
    if (found == journal.setbacks.end()) return std::nullopt;
    const Duration wait = deploy::backoff_after(found->count, policy.deployment.failure_backoff);
    return decide::Backoff{.failures = found->count, .until = found->last + wait};
}

/// The row alone tells it where more can't be read.
decide::Applied applied_by(const store::Deployment& row) {
    decide::Applied applied{
        .deployment = row.id, .at = row.finished_at.value_or(row.phase_since), .limits = row.to};
    if (const auto deployment = deploy::from_row(row))
        for (const deploy::Replacement& replica : deployment->replicas)
            applied.of_replicas.push_back(replica.to);
    return applied;
}

decide::Replica replica_of(const docker::Container& container, const observe::Observation& observation) {
    return {.id = container.id,
            .name = container.name,
            .limits = container.limits,
            .started_at = container.started_at.value_or(container.created_at),
            .usage = usage_of(observation, container.id)};
}

/// Of the replica that uses least; nothing where it is not known.
Bytes least_memory(const Survey& survey, const observe::Observation& observation, const ServiceName& name) {
    const auto service = std::ranges::find(survey.services, name, &FoundService::name);
    if (service == survey.services.end()) return {};
    std::optional<Bytes> least;
    for (const docker::Container& container : service->running) {
        const Usage usage = usage_of(observation, container.id);
        if (!usage.memory) return {};
        least = std::min(least.value_or(*usage.memory), *usage.memory);
    }
    return least.value_or(Bytes());
}

/// What the deployments under way may still take. A new container that runs already counts with its whole
/// limit besides what it uses: better a raise too late than one too many.
Bytes promised(const Survey& survey, const observe::Observation& observation, const Journal& journal) {
    Bytes sum;
    for (const store::Deployment& row : journal.under_way) {
        const bool beside = row.strategy != to_string(config::Strategy::in_place) &&
                            row.strategy != to_string(config::Strategy::recreate);
        const Bytes one =
            decide::memory_promised(beside ? config::Strategy::blue_green : config::Strategy::in_place,
                                    row.from, row.to, least_memory(survey, observation, row.service));
        sum = Bytes(sum.count() + one.count());
    }
    return sum;
}

std::optional<decide::Host> host_of(const Survey& survey, const observe::Observation& observation,
                                    const Journal& journal) {
    if (!survey.host) return std::nullopt;
    return decide::Host{.cpus = survey.host->cpus,
                        .memory = survey.host->memory,
                        .memory_used = memory_used(survey, observation),
                        .memory_promised = promised(survey, observation, journal)};
}

/// Names the services of several projects that one short name of the configuration would mean.
std::string ambiguity(const ServiceName& name, const Survey& survey, const config::Config& config) {
    const bool listed_short = std::ranges::any_of(config->services, [&](const auto& entry) {
        return entry.first.project().empty() && entry.first.service() == name.service();
    });
    if (!listed_short || config->services.contains(name)) return {};
    std::vector<std::string> meant;
    for (const FoundService& other : survey.services)
        if (other.name.service() == name.service() && !config->services.contains(other.name))
            meant.push_back(print(other.name));
    if (meant.size() < 2) return {};
    return fmt::format("the configuration's {} could mean {}; name them with their projects",
                       quoted(name.service()), fmt::join(meant, " and "));
}

}  // namespace

Result<Journal> read_journal(store::Database& store, const std::string& engine) {
    Journal journal;
    if (engine.empty()) return journal;
    auto rows = store::unfinished(store, engine);
    if (!rows) return fail(std::move(rows).error());
    journal.under_way = *std::move(rows);
    auto setbacks = store::setbacks(store, engine, store::requested_by_sweep);
    if (!setbacks) return fail(std::move(setbacks).error());
    journal.setbacks = *std::move(setbacks);
    const auto in_force = store::in_force(store, engine, store::requested_by_sweep);
    if (!in_force) return fail(in_force.error());
    for (const store::Deployment& row : *in_force) journal.applied.emplace(row.service, applied_by(row));
    return journal;
}

std::optional<Bytes> memory_used(const Survey& survey, const observe::Observation& observation) {
    std::int64_t sum = 0;
    for (const docker::Container& container : survey.running) {
        const Usage usage = usage_of(observation, container.id);
        if (usage.memory)
            sum += usage.memory->count();
        else if (container.limits.memory)
            sum += container.limits.memory->count();
        else
            return std::nullopt;
    }
    return Bytes(sum);
}

std::vector<Assembled> assemble(const Survey& survey, const observe::Observation& observation,
                                const std::vector<store::Pause>& pauses, const Journal& journal,
                                const config::Config& config) {
    const auto host = host_of(survey, observation, journal);
    std::vector<Assembled> views;
    views.reserve(survey.services.size());
    for (const FoundService& found : survey.services) {
        decide::ServiceView service{
            .name = found.name, .replicas = {}, .host = host, .pause = pause_of(pauses, found.name)};
        for (const docker::Container& container : found.running)
            service.replicas.push_back(replica_of(container, observation));
        Assembled view{.shown_as = found.shown_as,
                       .service = std::move(service),
                       .policy = config.kept_policy(found.name),
                       .unknown = found.unknown};
        if (auto policy = config.kept_policy(found.name, found.labels))
            view.policy = *std::move(policy);
        else if (view.unknown.empty())
            view.unknown = "its labels are wrong: " + print(policy.error().front());
        if (view.unknown.empty()) view.unknown = ambiguity(found.name, survey, config);
        if (const auto row = std::ranges::find(journal.under_way, found.name, &store::Deployment::service);
            row != journal.under_way.end())
            view.service.under_way = fmt::format("deployment {} is under way ({})", row->id, row->phase);
        view.service.backoff = backoff_of(journal, found.name, *view.policy);
        if (const auto set = journal.applied.find(found.name); set != journal.applied.end())
            view.service.applied = set->second;
        views.push_back(std::move(view));
    }
    return views;
}

decide::Assessment assess_one(Assembled view, const decide::Rules& rules, decide::ServiceState state,
                              WallTime now) {
    decide::Assessment made{.shown_as = std::move(view.shown_as),
                            .service = std::move(view.service),
                            .policy = std::move(view.policy),
                            .rules = rules,
                            .state = std::move(state),
                            .at = now,
                            .verdict = {}};
    if (view.unknown.empty()) {
        made.verdict =
            decide::decide(made.service, *made.policy, rules, made.state, now, decide::Words::held);
        return made;
    }
    made.verdict.gates.push_back({.gate = decide::Gate::data,
                                  .resource = std::nullopt,
                                  .outcome = decide::Outcome::held,
                                  .reason = view.unknown,
                                  .remedy = "the next check looks again"});
    made.verdict.summary = "held by data: " + view.unknown;
    made.verdict.next = made.state;
    return made;
}

}  // namespace rm::app
