// SPDX-License-Identifier: Apache-2.0
#include "config/address_kinds.h"
#include "config/keys/sections.h"
#include "config/number_kinds.h"
#include "config/text_kinds.h"

namespace rm::config {

Keys store_keys() {
    using namespace std::chrono_literals;
    return {
        general({.path = "store.url",
                 .fallback = "sqlite:data/resource-manager.db",
                 .about = "`sqlite:` and a path, relative to the working directory, or "
                          "`postgresql://user@host/database`, without a password.",
                 .privacy = Privacy::address,
                 .needs_restart = true},
                store_url(), [](Settings& s) -> auto& { return s.store.url; }),
        secret_file({.path = "store.password_file",
                     .about = "A file with the password for PostgreSQL.",
                     .needs_restart = true},
                    [](Settings& s) -> auto& { return s.store.password; }),
        general({.path = "store.retention",
                 .fallback = "168h",
                 .about = "How long measurements and decisions are kept."},
                duration(1h, 87600h), [](Settings& s) -> auto& { return s.store.retention; }),
    };
}

}  // namespace rm::config
