// SPDX-License-Identifier: Apache-2.0
// Strategy: how a service gets other limits.
#pragma once

#include <string_view>

namespace rm::config {

enum class Strategy {
    blue_green,
    in_place,
    recreate,
    script,
    automatic  // the first of the first three that is possible
};

/// As in the configuration: `blue_green`, `auto`.
std::string_view to_string(Strategy strategy);

}  // namespace rm::config
