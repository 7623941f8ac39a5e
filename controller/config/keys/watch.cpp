// SPDX-License-Identifier: Apache-2.0
#include "config/keys/sections.h"
#include "config/number_kinds.h"
#include "config/text_kinds.h"

namespace rm::config {

Keys watch_keys() {
    using namespace std::chrono_literals;
    return {
        general({.path = "watch.realtime",
                 .fallback = "true",
                 .about = "Whether the engine's events are followed as they happen; otherwise only every "
                          "`watch.interval`."},
                boolean(), [](Settings& s) -> auto& { return s.watch.realtime; }),
        general(
            {.path = "watch.interval",
             .fallback = "10s",
             .about = "How often the containers are listed, so that a lost event doesn't stay unnoticed."},
            duration(1s, 1h), [](Settings& s) -> auto& { return s.watch.interval; }),
        general(
            {.path = "watch.name_filter",
             .fallback = ".*",
             .about = "Only containers whose name contains a match for this regular expression are watched."},
            regex(), [](Settings& s) -> auto& { return s.watch.name_filter; }),
        general({.path = "watch.include_stopped",
                 .fallback = "true",
                 .about = "Whether stopped containers are in the reports too."},
                boolean(), [](Settings& s) -> auto& { return s.watch.include_stopped; }),
    };
}

}  // namespace rm::config
