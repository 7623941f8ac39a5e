// SPDX-License-Identifier: Apache-2.0
// Row: what a query found, read by column name. The types it is read as must be the types that are there; the
// one thing converted is what a backend cannot tell apart (a bool or a whole real that SQLite keeps as an
// integer). Values own their texts and stay valid after the transaction.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/result.h"
#include "store/value.h"

namespace rm::store {

class Row {
public:
    using Columns = std::shared_ptr<const std::vector<std::string>>;

    Row(Columns columns, std::vector<Cell> cells) : columns_(std::move(columns)), cells_(std::move(cells)) {}

    /// T is int64_t, double, bool, string, WallTime, or an optional of one of them where null is allowed.
    template <class T>
    [[nodiscard]] Result<T> get(std::string_view column) const;

private:
    [[nodiscard]] Result<const Cell*> find(std::string_view column) const;

    Columns columns_;
    std::vector<Cell> cells_;
};

using Rows = std::vector<Row>;

/// Each row as `convert` reads it: a function from a Row to a Result<T>. The first error ends it.
template <class Convert>
auto read_all(const Rows& rows, Convert convert)
    -> Result<std::vector<typename std::invoke_result_t<Convert, const Row&>::value_type>> {
    std::vector<typename std::invoke_result_t<Convert, const Row&>::value_type> all;
    all.reserve(rows.size());
    for (const Row& row : rows) {
        auto one = convert(row);
        if (!one) return fail(std::move(one).error());
        all.push_back(*std::move(one));
    }
    return all;
}

/// Reads several columns and keeps the first error, so that a struct can be filled in one expression:
///     RowReader read(row);
///     return read.result(Run{.id = read.get<std::int64_t>("id"), ...});
class RowReader {
public:
    explicit RowReader(const Row& row) : row_(row) {}

    template <class T>
    [[nodiscard]] T get(std::string_view column) {
        auto value = row_.get<T>(column);
        if (value) return *std::move(value);
        if (status_) status_ = fail(std::move(value).error());
        return T{};
    }

    template <class T>
    [[nodiscard]] Result<T> result(T filled) const {
        if (!status_) return fail(status_.error());
        return filled;
    }

private:
    const Row& row_;
    Status status_;
};

}  // namespace rm::store
