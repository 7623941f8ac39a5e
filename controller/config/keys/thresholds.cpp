// SPDX-License-Identifier: Apache-2.0
#include "config/keys/sections.h"
#include "config/number_kinds.h"

namespace rm::config {

Keys thresholds_keys() {
    using namespace std::chrono_literals;
    return {
        overridable({.path = "thresholds.cpu_high",
                     .fallback = "0.8",
                     .about = "Above this share of its CPU limit a service gets more."},
                    ratio(0.01, 1), [](auto& at) -> auto& { return at.thresholds.cpu_high; }),
        overridable({.path = "thresholds.cpu_low",
                     .fallback = "0.3",
                     .about = "Below this share of its CPU limit a service gets less."},
                    ratio(0, 1), [](auto& at) -> auto& { return at.thresholds.cpu_low; }),
        overridable(
            {.path = "thresholds.cpu_throttled",
             .fallback = "0.25",
             .about = "A service that is throttled in a larger share of its CPU periods gets more CPU, "
                      "whatever its average; 1 turns this off."},
            ratio(0, 1), [](auto& at) -> auto& { return at.thresholds.cpu_throttled; }),
        overridable({.path = "thresholds.memory_high",
                     .fallback = "0.8",
                     .about = "Above this share of its memory limit a service gets more."},
                    ratio(0.01, 1), [](auto& at) -> auto& { return at.thresholds.memory_high; }),
        overridable({.path = "thresholds.memory_low",
                     .fallback = "0.3",
                     .about = "Below this share of its memory limit a service gets less."},
                    ratio(0, 1), [](auto& at) -> auto& { return at.thresholds.memory_low; }),
        overridable({.path = "thresholds.consecutive_checks",
                     .fallback = "3",
                     .about = "How many checks in a row must agree before anything is changed."},
                    integer(1, 1000), [](auto& at) -> auto& { return at.thresholds.consecutive_checks; }),
        overridable({.path = "thresholds.min_uptime",
                     .fallback = "10m",
                     .about = "How long a container must have run before its usage means anything."},
                    duration(0s, 168h), [](auto& at) -> auto& { return at.thresholds.min_uptime; }),
    };
}

}  // namespace rm::config
