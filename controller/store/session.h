// SPDX-License-Identifier: Apache-2.0
// Session: the statements of one transaction. SQL is the part that SQLite and PostgreSQL share; what varies
// is bound as `:name`, never pasted into the text. A statement that failed dooms its transaction: nothing of
// it will be kept, even if the caller goes on (PostgreSQL behaves so, and SQLite is made to).
#pragma once

#include <cstdint>
#include <string_view>

#include "core/result.h"
#include "store/rows.h"

namespace rm::store {

class Connection;

class Session {
public:
    /// Only Database makes sessions; one lives as long as its transaction.
    explicit Session(Connection& connection) : connection_(connection) {}
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    Session(Session&&) = delete;
    Session& operator=(Session&&) = delete;
    ~Session() = default;

    /// How many rows an insert, update or delete touched.
    Result<std::int64_t> execute(std::string_view sql, const Params& params = {});

    Result<Rows> query(std::string_view sql, const Params& params = {});

    /// An insert that ends with `returning id`: the id of the new row.
    Result<std::int64_t> insert(std::string_view sql, const Params& params = {});

    /// The error that dooms the transaction.
    [[nodiscard]] const Status& status() const { return status_; }

private:
    Connection& connection_;
    Status status_;
};

}  // namespace rm::store
