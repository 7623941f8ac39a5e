// SPDX-License-Identifier: Apache-2.0
// Connection: the port between Database and a backend; one open connection, used by one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "core/result.h"
#include "store/location.h"
#include "store/options.h"
#include "store/patience.h"
#include "store/rows.h"

namespace rm::store {

enum class Access {
    read,    // a consistent view; writing is refused by the backend
    write,   // alone among all who write
    migrate  // the same, with Options::migration_timeout for each statement
};

struct Outcome {
    Rows rows;
    std::int64_t touched = 0;  // rows inserted, updated or deleted
};

/// What a call says that was told to stop.
inline Error told_to_stop() {
    return Error{ErrorCode::cancelled, "the store is being closed"};
}

/// The words in which the two backends differ; see migrations.h.
struct Dialect {
    std::string_view id;            // a column type: the table's key, counted up by the backend, never reused
    std::string_view integer;       // a column type: 64 bits
    std::string_view real;          // a column type: a double
    std::string_view boolean;       // a column type
    std::string_view strict;        // behind a table's closing bracket: columns hold only their type
    std::string_view count_tables;  // a query: how many tables are there
    std::string_view has_history;   // a query: 1 when schema_migrations is among them
};

class Connection {
public:
    Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    Connection(Connection&&) = delete;
    Connection& operator=(Connection&&) = delete;
    virtual ~Connection() = default;

    /// For what is asked from now on; between transactions only.
    virtual void set(const Patience& patience) = 0;

    virtual Status begin(Access access) = 0;
    virtual Status commit() = 0;
    virtual void rollback() = 0;
    virtual Result<Outcome> run(std::string_view sql, const Params& params) = 0;

    /// False once the peer is gone: the connection must be made anew.
    [[nodiscard]] virtual bool usable() const = 0;
    /// Whether the last failure was only a collision with another writer, so that the transaction, of which
    /// nothing was kept, may be run again.
    [[nodiscard]] virtual bool collided() const = 0;
    [[nodiscard]] virtual const Dialect& dialect() const = 0;
};

Result<std::unique_ptr<Connection>> open_sqlite(const SqliteFile& file, const Options& options,
                                                const Patience& patience);
Result<std::unique_ptr<Connection>> connect_postgres(const PostgresServer& server, const Options& options,
                                                     const Patience& patience);

}  // namespace rm::store
