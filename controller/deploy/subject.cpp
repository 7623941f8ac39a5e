// SPDX-License-Identifier: Apache-2.0
#include "deploy/subject.h"

#include <algorithm>
#include <utility>

#include "config/problem.h"
#include "docker/read.h"

namespace rm::deploy {
namespace {

using docker::ContainerState;

bool is_going(ContainerState state) {
    return state == ContainerState::removing || state == ContainerState::dead;
}

/// Which of a service's containers are replaced: those that run; where none does, all that are there.
std::vector<docker::ServiceReplica> to_replace(const docker::Service& service) {
    const bool any_runs = std::ranges::any_of(service.replicas, &docker::ServiceReplica::running);
    std::vector<docker::ServiceReplica> replicas;
    for (const docker::ServiceReplica& replica : service.replicas)
        if (any_runs ? replica.running : !is_going(replica.state)) replicas.push_back(replica);
    return replicas;
}

Status add_container(HostPicture& picture, docker::Engine& engine, const docker::ContainerSummary& one,
                     const std::stop_token& stop) {
    auto document = engine.document(one.id, stop);
    if (!document) {
        if (document.error().code == ErrorCode::cancelled) return fail(document.error());
        if (document.error().code != ErrorCode::not_found) picture.unseen.emplace(one.id, one.name);
        return {};
    }
    if (auto wiring = docker::read_wiring(*document))
        picture.wirings.emplace(one.id, *std::move(wiring));
    else
        picture.unseen.emplace(one.id, one.name);
    picture.documents.emplace(one.id, *std::move(document));
    return {};
}

Status add_replica(Subject& subject, const HostPicture& picture, const docker::ServiceReplica& replica) {
    const auto document = picture.documents.find(replica.id);
    if (document == picture.documents.end()) {
        if (picture.unseen.contains(replica.id))
            return fail(ErrorCode::unavailable, "{} could not be looked at", replica.name);
        return {};
    }
    auto container = docker::read_container(document->second);
    if (!container) return fail(std::move(container).error());
    subject.replicas.push_back({.container = *std::move(container), .document = document->second});
    return {};
}

}  // namespace

Result<HostPicture> take_picture(docker::Engine& engine, const std::stop_token& stop) {
    auto info = engine.info(stop);
    if (!info) return fail(std::move(info).error());
    auto list = engine.list(stop);
    if (!list) return fail(std::move(list).error());
    HostPicture picture{.engine = *std::move(info),
                        .list = *std::move(list),
                        .inventory = {},
                        .documents = {},
                        .wirings = {},
                        .unseen = {}};
    picture.inventory = docker::find_services(picture.list);
    for (const docker::ContainerSummary& one : picture.list)
        if (auto added = add_container(picture, engine, one, stop); !added)
            return fail(std::move(added).error());
    return picture;
}

Result<Subject> subject_of(const HostPicture& picture, const docker::Service& service,
                           config::ServicePolicy policy, WallTime now) {
    Subject subject{.service = service.name,
                    .policy = std::move(policy),
                    .replicas = {},
                    .others = {},
                    .unseen = {},
                    .engine = picture.engine,
                    .now = now};
    const std::vector<docker::ServiceReplica> replicas = to_replace(service);
    for (const docker::ServiceReplica& replica : replicas)
        if (auto added = add_replica(subject, picture, replica); !added)
            return fail(std::move(added).error());
    const auto is_ours = [&](const ContainerId& id) {
        return std::ranges::find(replicas, id, &docker::ServiceReplica::id) != replicas.end();
    };
    for (const auto& [id, wiring] : picture.wirings)
        if (!is_ours(id)) subject.others.push_back(wiring);
    for (const auto& [id, name] : picture.unseen)
        if (!is_ours(id)) subject.unseen.push_back(name);
    return subject;
}

Result<Subject> look_at(docker::Engine& engine, const ServiceName& service, const config::Config& config,
                        WallTime now, const std::stop_token& stop) {
    const auto picture = take_picture(engine, stop);
    if (!picture) return fail(picture.error());
    const auto name = docker::resolve(picture->inventory, service);
    if (!name) return fail(name.error());
    const docker::Service& found = picture->inventory.services.at(*name);
    auto policy = config.service(*name, found.labels);
    if (!policy)
        return fail(ErrorCode::invalid, "the labels of {} are wrong: {}", print(*name),
                    print(policy.error().front()));
    return subject_of(*picture, found, *std::move(policy), now);
}

}  // namespace rm::deploy
