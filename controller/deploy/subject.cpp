// SPDX-License-Identifier: Apache-2.0
#include "deploy/subject.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "config/problem.h"
#include "docker/services.h"

namespace rm::deploy {
namespace {

using docker::ContainerState;

bool is_going(ContainerState state) {
    return state == ContainerState::removing || state == ContainerState::dead;
}

/// Which of a service's containers are replaced: those that run; where none does, all that are there.
std::vector<ContainerId> to_replace(const docker::Service& service) {
    const bool any_runs = std::ranges::any_of(service.replicas, &docker::ServiceReplica::running);
    std::vector<ContainerId> ids;
    for (const docker::ServiceReplica& replica : service.replicas)
        if (any_runs ? replica.running : !is_going(replica.state)) ids.push_back(replica.id);
    return ids;
}

/// One that has gone meanwhile is passed over.
Status add_replica(docker::Engine& engine, const ContainerId& id, Subject& subject,
                   const std::stop_token& stop) {
    auto container = engine.inspect(id, stop);
    auto document = container ? engine.document(id, stop) : Result<std::string>(std::string());
    if (container && document) {
        subject.replicas.push_back({.container = *std::move(container), .document = *std::move(document)});
        return {};
    }
    Error error = container ? document.error() : container.error();
    if (error.code == ErrorCode::not_found) return {};
    return fail(std::move(error));
}

Status add_other(docker::Engine& engine, const docker::ContainerSummary& other, Subject& subject,
                 const std::stop_token& stop) {
    const auto document = engine.document(other.id, stop);
    if (!document) {
        if (document.error().code == ErrorCode::not_found) return {};
        if (document.error().code == ErrorCode::cancelled) return fail(document.error());
        subject.unseen.push_back(other.name);
        return {};
    }
    if (auto wiring = docker::read_wiring(*document))
        subject.others.push_back(*std::move(wiring));
    else
        subject.unseen.push_back(other.name);
    return {};
}

}  // namespace

Result<Subject> look_at(docker::Engine& engine, const ServiceName& service, const config::Config& config,
                        WallTime now, const std::stop_token& stop) {
    auto info = engine.info(stop);
    if (!info) return fail(std::move(info).error());
    const auto list = engine.list(stop);
    if (!list) return fail(list.error());
    const docker::Inventory inventory = docker::find_services(*list);
    auto name = docker::resolve(inventory, service);
    if (!name) return fail(std::move(name).error());
    const docker::Service& found = inventory.services.at(*name);
    auto policy = config.service(*name, found.labels);
    if (!policy)
        return fail(ErrorCode::invalid, "the labels of {} are wrong: {}", print(*name),
                    print(policy.error().front()));

    Subject subject{.service = *name,
                    .policy = *std::move(policy),
                    .replicas = {},
                    .others = {},
                    .unseen = {},
                    .engine = *std::move(info),
                    .now = now};
    const std::vector<ContainerId> ids = to_replace(found);
    for (const ContainerId& id : ids)
        if (auto added = add_replica(engine, id, subject, stop); !added)
            return fail(std::move(added).error());
    for (const docker::ContainerSummary& other : *list)
        if (std::ranges::find(ids, other.id) == ids.end())
            if (auto added = add_other(engine, other, subject, stop); !added)
                return fail(std::move(added).error());
    return subject;
}

}  // namespace rm::deploy
