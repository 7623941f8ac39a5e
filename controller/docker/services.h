// SPDX-License-Identifier: Apache-2.0
// Which services there are, found in the list of containers. A container belongs to a service
// by Compose's labels (v1 and v2 write the same): project, service and number; or else, when it says
// `resource-manager.enable=true`, by the label `resource-manager.service` or by its own name, without a
// project.
// The one-off containers of `compose run` belong to none. Pure; plain values.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/names.h"
#include "core/result.h"
#include "docker/container.h"

namespace rm::docker {

/// Labels of ours begin so. `resource-manager.internal.` is for what we write ourselves.
inline constexpr std::string_view our_labels = "resource-manager.";

/// Compose's label for which of a service's replicas a container is.
inline constexpr std::string_view compose_number = "com.docker.compose.container-number";

struct ServiceReplica {
    ContainerId id;
    std::string name;
    int number = 0;  // Compose's; 0 where there is none
    ContainerState state = ContainerState::created;
    bool running = false;  // paused ones run, too
};

struct Service {
    ServiceName name;
    std::vector<ServiceReplica> replicas;  // by number, then by age
    Labels labels;  // `resource-manager.*` of the newest replica, a running one if there is any
};

/// A container that can't be told to belong to a service, though it may.
struct LeftOut {
    ContainerId id;
    std::string name;
    std::string reason;
};

struct Inventory {
    std::map<ServiceName, Service> services;
    std::vector<LeftOut> left_out;
};

Inventory find_services(std::span<const ContainerSummary> containers);

/// The service that people mean by `grafana` or `monitoring/grafana`. `not_found` suggests what was probably
/// meant; `conflict` when a short name means several services, and names them all.
Result<ServiceName> resolve(const Inventory& inventory, const ServiceName& wanted);

}  // namespace rm::docker
