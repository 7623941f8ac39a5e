// SPDX-License-Identifier: Apache-2.0
// What the labels of a service's containers say, for commands that show what holds for it.
#pragma once

#include <stop_token>

#include "config/settings.h"
#include "core/names.h"
#include "core/result.h"
#include "docker/container.h"

namespace rm::app {

struct LabelledService {
    ServiceName name;  // in full
    docker::Labels labels;
};

/// Asks the engine, and waits no longer than two seconds for it. `not_found` or `conflict` when the name
/// means no service or several.
Result<LabelledService> find_labels(const config::Docker& docker, const ServiceName& service,
                                    const std::stop_token& stop);

}  // namespace rm::app
