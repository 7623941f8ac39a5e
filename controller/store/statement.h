// SPDX-License-Identifier: Apache-2.0
// Runs one statement through SOCI. SOCI prepares and binds; the rows are read from the backend itself,
// because SOCI takes their types from the table's declaration: it cuts an `integer` to 32 bits and makes
// `count(*)` a text on SQLite. Throws what SOCI throws.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "store/connection.h"

namespace soci {
class session;
namespace details {
class statement_backend;
}
}  // namespace soci

namespace rm::store {

struct StatementReader {
    /// The names of the parameters in a prepared statement, or why it should not run.
    std::function<Result<std::vector<std::string>>(soci::details::statement_backend&)> parameters;
    /// What an executed statement gave; it stands on the first row.
    std::function<Outcome(soci::details::statement_backend&, bool has_row)> outcome;
};

Result<Outcome> run_statement(soci::session& session, std::string_view sql, const Params& params,
                              const StatementReader& reader);

}  // namespace rm::store
