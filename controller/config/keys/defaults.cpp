// SPDX-License-Identifier: Apache-2.0
#include "config/keys/sections.h"
#include "config/keys/service_kinds.h"
#include "config/number_kinds.h"

namespace rm::config {

namespace {

/// A default that services have under a path of their own.
template <class T, class General, class Own>
Key with_default(const Row& row, const Kind<T>& kind, General general_field, Own service_field) {
    Key key = general(row, kind, general_field);
    key.store_for_service = storing(kind, service_field);
    return key;
}

}  // namespace

Keys defaults_keys() {
    return {
        with_default(
            {.path = "defaults.enabled",
             .service_path = "enabled",
             .fallback = "true",
             .about = "Whether a service is adjusted at all; one that isn't is only watched."},
            boolean(), [](Settings& s) -> auto& { return s.defaults.enabled; },
            [](ServicePolicy& p) -> auto& { return p.enabled; }),
        with_default(
            {.path = "defaults.class",
             .service_path = "class",
             .fallback = "normal",
             .about = "`critical` services never get less than their baseline, `optional` ones may be cut "
                      "first when the host is short."},
            service_class(), [](Settings& s) -> auto& { return s.defaults.service_class; },
            [](ServicePolicy& p) -> auto& { return p.service_class; }),
        with_default(
            {.path = "defaults.direction",
             .service_path = "direction",
             .fallback = "both",
             .about = "Whether limits may only grow (`up`), only shrink (`down`), or `both`."},
            direction(), [](Settings& s) -> auto& { return s.defaults.direction; },
            [](ServicePolicy& p) -> auto& { return p.direction; }),
    };
}

}  // namespace rm::config
