// SPDX-License-Identifier: Apache-2.0
#include "store/session.h"

#include "core/text.h"
#include "store/connection.h"

namespace rm::store {
namespace {

/// Runs the statement unless an earlier one has failed, and keeps the first failure.
Result<Outcome> run(Connection& connection, Status& status, std::string_view sql, const Params& params) {
    if (!status) return fail(status.error());
    auto outcome = connection.run(sql, params);
    if (!outcome) status = fail(outcome.error());
    return outcome;
}

}  // namespace

Result<std::int64_t> Session::execute(std::string_view sql, const Params& params) {
    auto outcome = run(connection_, status_, sql, params);
    if (!outcome) return fail(std::move(outcome).error());
    return outcome->touched;
}

Result<Rows> Session::query(std::string_view sql, const Params& params) {
    auto outcome = run(connection_, status_, sql, params);
    if (!outcome) return fail(std::move(outcome).error());
    return std::move(outcome->rows);
}

Result<std::int64_t> Session::insert(std::string_view sql, const Params& params) {
    auto rows = query(sql, params);
    if (!rows) return fail(std::move(rows).error());
    if (rows->size() == 1) return rows->front().get<std::int64_t>("id");
    status_ = fail(ErrorCode::internal, "{} gave {} ids instead of one", quoted(sql), rows->size());
    return fail(status_.error());
}

}  // namespace rm::store
