// SPDX-License-Identifier: Apache-2.0
#include "app/reconcile/survey.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/fault.h"
#include "docker/services.h"

namespace rm::app {
namespace {

/// What inspecting the running containers gave, or why one could not be looked at. One that has vanished
/// since the list was made is in neither.
struct Inspected {
    std::map<ContainerId, docker::Container> containers;
    std::map<ContainerId, Error> failed;
};

Inspected inspect_running(docker::Engine& engine, const std::vector<docker::ContainerSummary>& list,
                          const std::stop_token& stop) {
    Inspected inspected;
    for (const docker::ContainerSummary& summary : list) {
        if (summary.state != docker::ContainerState::running) continue;
        if (stop.stop_requested()) break;
        auto container = engine.inspect(summary.id, stop);
        if (container) {
            if (container->state == docker::ContainerState::running)
                inspected.containers.emplace(summary.id, *std::move(container));
        } else if (container.error().code != ErrorCode::not_found) {
            inspected.failed.emplace(summary.id, container.error());
        }
    }
    return inspected;
}

FoundService found(const docker::Service& service, bool name_is_clear, const Inspected& inspected) {
    FoundService made{.name = service.name,
                      .shown_as = name_is_clear ? service.name.service() : print(service.name),
                      .labels = service.labels,
                      .running = {},
                      .unknown = {}};
    for (const docker::ServiceReplica& replica : service.replicas) {
        if (const auto container = inspected.containers.find(replica.id);
            container != inspected.containers.end())
            made.running.push_back(container->second);
        else if (const auto failed = inspected.failed.find(replica.id); failed != inspected.failed.end())
            made.unknown = failed->second.message;
    }
    return made;
}

}  // namespace

Result<Survey> survey(docker::Engine& engine, const std::stop_token& stop) {
    const auto list = engine.list(stop);
    if (!list) return fail(list.error());
    Survey survey;
    if (auto info = engine.info(stop))
        survey.host = *std::move(info);
    else
        survey.faults.push_back(fault_of("engine_info", info.error()));

    const Inspected inspected = inspect_running(engine, *list, stop);
    for (const auto& [id, error] : inspected.failed)
        survey.faults.push_back(fault_of("engine_inspect", error));
    for (const auto& [id, container] : inspected.containers) survey.running.push_back(container);

    const docker::Inventory inventory = docker::find_services(*list);
    for (const docker::LeftOut& left_out : inventory.left_out)
        survey.faults.push_back({.what = "engine_list",
                                 .cause = Gap::bad_reply,
                                 .message = left_out.name + ": " + left_out.reason});
    std::map<std::string, int> projects;
    for (const auto& [name, service] : inventory.services) ++projects[name.service()];
    for (const auto& [name, service] : inventory.services)
        survey.services.push_back(found(service, projects[name.service()] == 1, inspected));
    return survey;
}

}  // namespace rm::app
