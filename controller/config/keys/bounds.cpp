// SPDX-License-Identifier: Apache-2.0
#include "config/keys/sections.h"
#include "config/keys/service_kinds.h"
#include "config/number_kinds.h"

namespace rm::config {

Keys bounds_keys() {
    return {
        overridable(
            {.path = "bounds.cpu.min", .fallback = "0.1", .about = "The least CPU a service is limited to."},
            cpu_limit(), [](auto& at) -> auto& { return at.bounds.cpu.min; }),
        overridable(
            {.path = "bounds.cpu.max", .fallback = "8.0", .about = "The most CPU a service is given."},
            cpu_limit(), [](auto& at) -> auto& { return at.bounds.cpu.max; }),
        overridable({.path = "bounds.memory.min",
                     .fallback = "64M",
                     .about = "The least memory a service is limited to. M means 2^20 bytes, as in Docker."},
                    memory_limit(), [](auto& at) -> auto& { return at.bounds.memory.min; }),
        overridable({.path = "bounds.memory.max",
                     .fallback = "8192M",
                     .about = "The most memory a service is given."},
                    memory_limit(), [](auto& at) -> auto& { return at.bounds.memory.max; }),
        general({.path = "bounds.host_reserve.cpu",
                 .fallback = "0",
                 .about = "What all limits together leave to the host: cores, or a share of them like `5%`."},
                cores_or_percent(), [](Settings& s) -> auto& { return s.bounds.host_reserve.cpu; }),
        general(
            {.path = "bounds.host_reserve.memory",
             .fallback = "5%",
             .about =
                 "What all limits together leave to the host: an amount like `512M`, or a share like `5%`."},
            bytes_or_percent(), [](Settings& s) -> auto& { return s.bounds.host_reserve.memory; }),
    };
}

}  // namespace rm::config
