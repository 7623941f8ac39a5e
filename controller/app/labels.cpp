// SPDX-License-Identifier: Apache-2.0
#include "app/labels.h"

#include <algorithm>

#include "docker/http_engine.h"
#include "docker/services.h"

namespace rm::app {

Result<LabelledService> find_labels(const config::Docker& docker, const ServiceName& service,
                                    const std::stop_token& stop) {
    config::Docker quick = docker;
    quick.timeout = std::min<Duration>(docker.timeout, std::chrono::seconds(2));
    const auto engine = docker::HttpEngine::make(quick);
    if (!engine) return fail(engine.error());
    const auto containers = (*engine)->list(stop);
    if (!containers) return fail(containers.error());
    const docker::Inventory inventory = docker::find_services(*containers);
    const auto name = docker::resolve(inventory, service);
    if (!name) return fail(name.error());
    return LabelledService{.name = *name, .labels = inventory.services.at(*name).labels};
}

}  // namespace rm::app
