// SPDX-License-Identifier: Apache-2.0
// A page of a table with the columns `id` and `service`, the newest rows first. Internal to store/.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "core/names.h"
#include "core/result.h"
#include "store/database.h"
#include "store/rows.h"

namespace rm::store {

/// `query` has a service, an id that all of the page come before, and how many there may be. `table` is also
/// what errors call them.
template <class Query>
Result<Rows> read_page(Database& database, std::string_view table, const Query& query) {
    if (query.limit < 1)
        return fail(ErrorCode::invalid, "a page of {} {} cannot be read; ask for at least 1", query.limit,
                    table);
    std::string sql = fmt::format("select * from {} where 1 = 1", table);
    Params params = {{"limit", query.limit}};
    if (query.service) {
        sql += " and service = :service";
        params.push_back({"service", print(*query.service)});
    }
    if (query.before) {
        sql += " and id < :before";
        params.push_back({"before", *query.before});
    }
    return database.query(sql + " order by id desc limit :limit", params);
}

}  // namespace rm::store
