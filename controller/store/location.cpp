// SPDX-License-Identifier: Apache-2.0
#include "store/location.h"

#include <fmt/format.h>

namespace rm::store {

std::string print(const Location& location) {
    if (const auto* file = std::get_if<SqliteFile>(&location)) return "SQLite " + file->path;
    const auto& server = std::get<PostgresServer>(location);
    const bool ipv6 = server.host.find(':') != std::string::npos;
    return fmt::format("PostgreSQL {}@{}{}{}:{}/{}", server.user, ipv6 ? "[" : "", server.host,
                       ipv6 ? "]" : "", server.port, server.database);
}

}  // namespace rm::store
