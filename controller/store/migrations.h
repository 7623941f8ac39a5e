// SPDX-License-Identifier: Apache-2.0
// Migrations: how the schema came to be, step by step, forward only. Each runs once, in a transaction of its
// own together with its row in schema_migrations; several programs may start at once. A database that a newer
// program has migrated is refused.
//
// Statements are SQL for both backends; what differs is written in braces and filled in:
//     {id}        the counted key
//     {integer}   64 bits
//     {real}      a double
//     {boolean}
//     {strict}    behind the closing bracket
// Texts are `text`, times are {integer}: milliseconds since 1970 UTC.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"

namespace rm::store {

class Connection;

struct Migration {
    int version;
    std::string name;
    std::vector<std::string> statements;
};

/// The migrations of this program; a new one goes at the end and gets the next number.
std::span<const Migration> schema();

/// Brings the database up to date and returns its version.
Result<int> migrate(Connection& connection, std::span<const Migration> migrations, WallTime now);

}  // namespace rm::store
