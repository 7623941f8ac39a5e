// SPDX-License-Identifier: Apache-2.0
#include "config/strategy.h"

namespace rm::config {

std::string_view to_string(Strategy strategy) {
    switch (strategy) {
        case Strategy::blue_green:
            return "blue_green";
        case Strategy::in_place:
            return "in_place";
        case Strategy::recreate:
            return "recreate";
        case Strategy::script:
            return "script";
        case Strategy::automatic:
            return "auto";
    }
    return "unknown";
}

}  // namespace rm::config
