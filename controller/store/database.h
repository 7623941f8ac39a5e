// SPDX-License-Identifier: Apache-2.0
// Database: what must survive a restart, in SQLite or PostgreSQL behind one SQL layer.
//
// One connection, guarded by a mutex: transactions run one after the other, which is plenty for a few writes
// a minute. Thread-safe. A call waits for the calls before it, so it can take as long as their time limits;
// cancel() ends all of them at once.
//
// SQLite must be there when it is opened. PostgreSQL may be away: open() then gives a database whose calls
// fail fast with `unavailable`, saying since when, why, and when the next attempt is due. The first call
// after that moment connects, and brings the schema up to date before anything else is done; the pause
// between attempts doubles from Options::first_retry up to Options::longest_retry.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"
#include "store/migrations.h"
#include "store/options.h"
#include "store/session.h"

namespace rm::store {

/// The state for /health, as the last call left it.
struct Health {
    bool ok = false;
    std::string where;                 // `SQLite data/resource-manager.db`
    WallTime since;                    // when it became as it is
    std::string problem;               // why it is not ok; a failed write counts until one succeeds
    int schema = 0;                    // the version of the last migration
    std::optional<Bytes> size;         // SQLite: the file with its write-ahead log
    std::optional<Duration> next_try;  // from now, when a connection is waited for
};

/// `SQLite data/resource-manager.db, schema 1, 48K`, or what is wrong.
std::string print(const Health& health);

class Database {
public:
    /// `clock` and `migrations` must outlive the database.
    static Result<std::unique_ptr<Database>> open(const Options& options, Clock& clock,
                                                  std::span<const Migration> migrations = schema());
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    Database(Database&&) = delete;
    Database& operator=(Database&&) = delete;
    ~Database();

    using Work = std::function<Status(Session&)>;

    /// Runs `work` and keeps all it wrote, or on an error or exception nothing. Writers take turns, also
    /// those of other processes. Should it collide with a foreign program nevertheless (a deadlock), `work`
    /// is run again, up to five times in all: it must change nothing outside the session. It must not call
    /// this database. When the connection breaks while committing, nobody can know whether the transaction
    /// was kept; the error says so, and writing the same again must be harmless.
    Status transaction(const Work& work);

    /// Runs `work` on a consistent view; writes are refused.
    Status read(const Work& work);

    /// One query in a `read` of its own.
    Result<Rows> query(std::string_view sql, const Params& params = {});

    /// Asks for a sign of life, and connects when that is due. While writing is known to fail it writes, a
    /// row as it is, because reading would tell nothing.
    Status check();

    /// The daemon is about to end: calls under way return `cancelled` at once, keeping nothing, and so do all
    /// later ones, except last_transaction(). Only a look-up of the server's name cannot be cut short.
    void cancel();

    /// As transaction(), also after cancel(), but given up after `limit` of real time.
    Status last_transaction(const Work& work, Duration limit);

    /// Never waits for a running transaction.
    [[nodiscard]] Health health() const;

private:
    struct State;
    explicit Database(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace rm::store
