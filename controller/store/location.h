// SPDX-License-Identifier: Apache-2.0
// Location: where the database is, read from the URL in the configuration.
//     sqlite:data/resource-manager.db        relative to the working directory; sqlite:/var/lib/... is
//     absolute postgresql://user@host:5432/database?sslmode=verify-full&sslrootcert=/path
// A password has no place in it, so that the URL can be logged and shown.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "core/result.h"

namespace rm::store {

struct SqliteFile {
    std::string path;
};

struct PostgresServer {
    std::string user;
    std::string host;
    int port = 5432;
    std::string database;
    std::map<std::string, std::string, std::less<>> options;  // sslmode, sslrootcert, sslcert, sslkey
};

using Location = std::variant<SqliteFile, PostgresServer>;

Result<Location> parse_location(std::string_view url);

/// For people: `SQLite data/resource-manager.db`, `PostgreSQL user@host:5432/database`.
std::string print(const Location& location);

}  // namespace rm::store
