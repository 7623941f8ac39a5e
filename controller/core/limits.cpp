// SPDX-License-Identifier: Apache-2.0
#include "core/limits.h"

#include <fmt/format.h>

namespace rm {

Limits overlaid(const Limits& limits, const Limits& over) {
    return {.cpu = over.cpu ? over.cpu : limits.cpu, .memory = over.memory ? over.memory : limits.memory};
}

std::string print(const Limits& limits) {
    return fmt::format("{} CPU, {}{}", limits.cpu ? print(*limits.cpu) : "unlimited",
                       limits.memory ? print(*limits.memory) : "unlimited", limits.memory ? "" : " memory");
}

}  // namespace rm
