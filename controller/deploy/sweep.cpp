// SPDX-License-Identifier: Apache-2.0
#include "deploy/sweep.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "deploy/fitness.h"
#include "deploy/marks.h"
#include "deploy/setbacks.h"
#include "deploy/terms.h"
#include "docker/services.h"
#include "store/deployments.h"

namespace rm::deploy {
namespace {

using docker::Container;
using docker::ContainerState;
using docker::ContainerSummary;

std::string mark(const docker::Labels& labels, std::string_view name) {
    const auto found = labels.find(std::string(name));
    return found == labels.end() ? std::string() : found->second;
}

/// A container with our mark, and the one that it was to replace, which is there still.
struct Pair {
    const ContainerSummary* green;
    const ContainerSummary* blue;
    ServiceName service;
};

std::vector<Pair> pairs_in(const std::vector<ContainerSummary>& list,
                           const std::set<std::string>& under_way) {
    std::vector<Pair> pairs;
    const docker::Inventory inventory = docker::find_services(list);
    for (const auto& [name, service] : inventory.services) {
        for (const docker::ServiceReplica& replica : service.replicas) {
            const auto green = std::ranges::find(list, replica.id, &ContainerSummary::id);
            const std::string token = mark(green->labels, mark_deployment);
            if (token.empty() || under_way.contains(token)) continue;
            const std::string replaced = mark(green->labels, mark_replaces);
            const auto blue =
                std::ranges::find_if(list, [&](const auto& one) { return one.id.full() == replaced; });
            const bool of_service = blue != list.end() &&
                                    std::ranges::find(service.replicas, blue->id,
                                                      &docker::ServiceReplica::id) != service.replicas.end();
            if (of_service) pairs.push_back({.green = &*green, .blue = &*blue, .service = name});
        }
    }
    return pairs;
}

/// It runs and is well, as far as one look can tell.
bool serves(const Container& container, const config::ServicePolicy& policy, WallTime now) {
    if (container.state != ContainerState::running || !container.started_at) return false;
    const auto runs = std::chrono::duration_cast<Duration>(now - *container.started_at);
    const Terms terms = terms_for(terms_of(policy, &container), container);
    return fitness_of(container, terms, runs, false).kind == Fitness::Kind::good;
}

/// As if the deployment that made green had just turned back.
Deployment way_back(const Container& blue, const Container& green, const ServiceName& service, WallTime now) {
    const std::string why =
        fmt::format("{} was left over by a deployment that is not under way any more", green.name);
    Replacement replica{.blue = blue.id,
                        .blue_name = blue.name,
                        .blue_restart = green.restart,  // which green took over from blue
                        .green_name = green.name,
                        .final_name = mark(green.labels, mark_name),
                        .green = green.id,
                        .from = blue.limits,
                        .to = green.limits,
                        .stage = Stage::revive,
                        .drained = true,  // it may have been
                        .failure = why};
    if (replica.final_name.empty()) replica.final_name = green.name;
    return {.id = 0,
            .token = mark(green.labels, mark_deployment),
            .engine = {},
            .service = service,
            .strategy = config::Strategy::blue_green,
            .requested_by = std::string(store::requested_by_sweep),
            .reason = why,
            .from = blue.limits,
            .to = green.limits,
            .created_at = now,
            .phase_since = now,
            .replicas = {std::move(replica)}};
}

/// Nothing when it is gone.
Result<std::optional<Container>> find(docker::Engine& engine, const ContainerId& id,
                                      const std::stop_token& stop) {
    auto container = engine.inspect(id, stop);
    if (container) return *std::move(container);
    if (container.error().code == ErrorCode::not_found) return std::nullopt;
    return fail(std::move(container).error());
}

}  // namespace

Result<Swept> sweep(docker::Engine& engine, const std::vector<ContainerSummary>& list,
                    const std::set<std::string>& under_way, const PolicyOf& policy_of, WallTime now,
                    const std::stop_token& stop) {
    Swept swept;
    std::set<ServiceName> begun;  // one after the other
    for (const Pair& pair : pairs_in(list, under_way)) {
        auto green = find(engine, pair.green->id, stop);
        if (!green) return fail(std::move(green).error());
        auto blue = find(engine, pair.blue->id, stop);
        if (!blue) return fail(std::move(blue).error());
        if (is_gone(*green) || is_gone(*blue)) continue;
        if (!serves(**blue, policy_of(pair.service, pair.blue->labels), now)) {
            swept.in_doubt.push_back(fmt::format(
                "{} was to replace {}, and no deployment of {} is under way: both stay, because {} is not "
                "known to serve; remove the one that is not wanted",
                pair.green->name, pair.blue->name, print(pair.service), pair.blue->name));
        } else if (begun.insert(pair.service).second) {
            swept.ways_back.push_back(way_back(**blue, **green, pair.service, now));
        }
    }
    return swept;
}

}  // namespace rm::deploy
