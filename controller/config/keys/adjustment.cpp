// SPDX-License-Identifier: Apache-2.0
#include "config/keys/sections.h"
#include "config/number_kinds.h"
#include "config/text_kinds.h"

namespace rm::config {

Keys adjustment_keys() {
    using namespace std::chrono_literals;
    return {
        overridable({.path = "adjustment.increase_factor",
                     .fallback = "1.25",
                     .about = "A limit that is too small is multiplied by this."},
                    ratio(1.01, 10), [](auto& at) -> auto& { return at.adjustment.increase_factor; }),
        overridable({.path = "adjustment.decrease_factor",
                     .fallback = "0.75",
                     .about = "A limit that is too large is multiplied by this."},
                    ratio(0.1, 0.99), [](auto& at) -> auto& { return at.adjustment.decrease_factor; }),
        overridable({.path = "adjustment.cooldown_period",
                     .fallback = "30m",
                     .about = "How long a service is left alone after an adjustment."},
                    duration(0s, 168h), [](auto& at) -> auto& { return at.adjustment.cooldown_period; }),
        overridable({.path = "adjustment.max_adjustments_per_day",
                     .fallback = "6",
                     .about = "How often one service may be adjusted in a day of `adjustment.timezone`."},
                    integer(0, 1000),
                    [](auto& at) -> auto& { return at.adjustment.max_adjustments_per_day; }),
        overridable(
            {.path = "adjustment.min_change",
             .fallback = "0.05",
             .about = "A change by a smaller share of the limit than this is not worth a deployment."},
            ratio(0, 1), [](auto& at) -> auto& { return at.adjustment.min_change; }),
        overridable({.path = "adjustment.timezone",
                     .fallback = "UTC",
                     .about = "The time zone whose midnight starts a new day, and in which "
                              "`adjustment.maintenance_window` is meant."},
                    timezone(), [](auto& at) -> auto& { return at.adjustment.timezone; }),
        overridable(
            {.path = "adjustment.maintenance_window",
             .about = "The part of the day in which limits may change, like `\"02:00-04:00\"`. Not set: "
                      "at any time."},
            daily_window(), [](auto& at) -> auto& { return at.adjustment.maintenance_window; }),
    };
}

}  // namespace rm::config
