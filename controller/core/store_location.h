// SPDX-License-Identifier: Apache-2.0
// StoreLocation: what `store.url` says, checked. The grammar stands here and not in store/, so that checking
// a configuration and opening the store can't disagree.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "core/result.h"

namespace rm {

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

using StoreLocation = std::variant<SqliteFile, PostgresServer>;

/// `sqlite:PATH` or `postgresql://user@host:port/database?sslmode=...`. A URL with a password in it is an
/// error, and no error repeats one.
Result<StoreLocation> parse_store_location(std::string_view url);

}  // namespace rm
