// SPDX-License-Identifier: Apache-2.0
#include "config/keys/sections.h"
#include "config/keys/service_kinds.h"

namespace rm::config {

Keys services_keys() {
    return {
        service_only({.service_path = "baseline.cpu", .about = "The CPU that the service always keeps."},
                     cpu_limit(), [](ServicePolicy& p) -> auto& { return p.baseline.cpu; }),
        service_only(
            {.service_path = "baseline.memory", .about = "The memory that the service always keeps."},
            memory_limit(), [](ServicePolicy& p) -> auto& { return p.baseline.memory; }),
    };
}

}  // namespace rm::config
