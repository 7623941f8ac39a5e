// SPDX-License-Identifier: Apache-2.0
#include "core/limits.h"

#include <fmt/format.h>

namespace rm {

std::string print(const Limits& limits) {
    return fmt::format("{} CPU, {}{}", limits.cpu ? print(*limits.cpu) : "unlimited",
                       limits.memory ? print(*limits.memory) : "unlimited", limits.memory ? "" : " memory");
}

}  // namespace rm
