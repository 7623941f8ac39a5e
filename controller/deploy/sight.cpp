// SPDX-License-Identifier: Apache-2.0
#include "deploy/sight.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "deploy/marks.h"
#include "docker/services.h"

namespace rm::deploy {
namespace {

using docker::Container;
using docker::ContainerSummary;

std::string_view label(const ContainerSummary& container, std::string_view name) {
    const auto found = container.labels.find(std::string(name));
    return found == container.labels.end() ? std::string_view() : std::string_view(found->second);
}

bool is_green(const ContainerSummary& container, const Deployment& deployment, const Replacement& replica) {
    return label(container, mark_deployment) == deployment.token &&
           label(container, mark_replaces) == replica.blue.full();
}

/// Nothing when it is gone by now.
Result<std::optional<Container>> inspect(docker::Engine& engine, const ContainerId& id,
                                         const std::stop_token& stop) {
    auto container = engine.inspect(id, stop);
    if (container) return *std::move(container);
    if (container.error().code == ErrorCode::not_found) return std::nullopt;
    return fail(std::move(container).error());
}

/// Of the service, as the list has them.
std::vector<docker::ServiceReplica> replicas_of(const std::vector<ContainerSummary>& list,
                                                const ServiceName& service) {
    const auto services = docker::find_services(list).services;
    const auto found = services.find(service);
    return found == services.end() ? std::vector<docker::ServiceReplica>() : found->second.replicas;
}

bool another_runs(const std::vector<docker::ServiceReplica>& replicas, const Sight& sight) {
    return std::ranges::any_of(replicas, [&](const docker::ServiceReplica& replica) {
        const bool known =
            (sight.blue && sight.blue->id == replica.id) || (sight.green && sight.green->id == replica.id);
        return replica.running && !known;
    });
}

Status inspect_all(docker::Engine& engine, const std::vector<docker::ServiceReplica>& replicas, Sight& sight,
                   const std::stop_token& stop) {
    for (const docker::ServiceReplica& replica : replicas) {
        auto container = inspect(engine, replica.id, stop);
        if (!container) return fail(std::move(container).error());
        if (*container) sight.replicas.push_back(**std::move(container));
    }
    return {};
}

/// It uses memory: a paused one does, too.
bool needs_usage(const Deployment& deployment, const Sight& sight) {
    using docker::ContainerState;
    return deployment.strategy == config::Strategy::in_place && sight.blue &&
           (sight.blue->state == ContainerState::running || sight.blue->state == ContainerState::paused);
}

}  // namespace

Result<Sight> look(docker::Engine& engine, const Deployment& deployment, const std::stop_token& stop) {
    const Replacement& replica = deployment.replicas[deployment.current];
    const auto list = engine.list(stop);
    if (!list) return fail(list.error());
    Sight sight;
    for (const ContainerSummary& one : *list) {
        const bool blue = one.id == replica.blue;
        if (!blue && !is_green(one, deployment, replica)) continue;
        auto container = inspect(engine, one.id, stop);
        if (!container) return fail(std::move(container).error());
        (blue ? sight.blue : sight.green) = *std::move(container);
    }
    const auto replicas = replicas_of(*list, deployment.service);
    sight.others_run = another_runs(replicas, sight);
    if (deployment.strategy == config::Strategy::script)
        if (auto done = inspect_all(engine, replicas, sight, stop); !done)
            return fail(std::move(done).error());
    if (needs_usage(deployment, sight)) {
        const auto usage = engine.stats(sight.blue->id, stop);
        if (!usage) return fail(usage.error());
        sight.usage = *usage;
    }
    return sight;
}

}  // namespace rm::deploy
