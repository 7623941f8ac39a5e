// SPDX-License-Identifier: Apache-2.0
// Location: where the database is, read from the URL in the configuration.
//     sqlite:data/resource-manager.db                      relative to the working directory
//     sqlite:/var/lib/resource-manager/store.db            absolute
//     postgresql://user@host:5432/database?sslmode=verify-full&sslrootcert=/path
// A password has no place in it, so that the URL can be logged and shown.
#pragma once

#include <string>
#include <string_view>

#include "core/store_location.h"

namespace rm::store {

using Location = StoreLocation;

inline Result<Location> parse_location(std::string_view url) {
    return parse_store_location(url);
}

/// For people: `SQLite data/resource-manager.db`, `PostgreSQL user@host:5432/database`.
std::string print(const Location& location);

}  // namespace rm::store
