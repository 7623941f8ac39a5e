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
        service_only(
            {.service_path = "initial.cpu",
             .about = "The CPU limit that the service gets if it has none. Not set: it is left without."},
            cpu_limit(), [](ServicePolicy& p) -> auto& { return p.initial.cpu; }),
        service_only(
            {.service_path = "initial.memory",
             .about =
                 "The memory limit that the service gets if it has none; more where it already uses more. "
                 "Not set: it is left without."},
            memory_limit(), [](ServicePolicy& p) -> auto& { return p.initial.memory; }),
    };
}

}  // namespace rm::config
