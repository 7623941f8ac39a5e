// SPDX-License-Identifier: Apache-2.0
// The SQLite side of the Connection port.
#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <thread>

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "core/text.h"
#include "store/connection.h"
#include "store/sqlite_file.h"
#include "store/statement.h"

namespace rm::store {
namespace {

namespace api = sqlite_api;

constexpr Dialect sqlite_dialect = {
    .id = "integer primary key autoincrement",
    .integer = "integer",
    .real = "real",
    .boolean = "integer",
    .strict = " strict",
    .count_tables = "select count(*) as number from sqlite_master",
    .has_history = "select count(*) as number from sqlite_master where name = 'schema_migrations'",
};

// SOCI doesn't export the type information of its backends: neither dynamic_cast nor the sanitizer can look
// at it. Which backend it is we know.
__attribute__((no_sanitize("vptr"))) api::sqlite3* sqlite_handle(soci::session& session) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-static-cast-downcast)
    return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

__attribute__((no_sanitize("vptr"))) api::sqlite3_stmt* sqlite_handle(
    soci::details::statement_backend& statement) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-static-cast-downcast)
    return static_cast<soci::sqlite3_statement_backend&>(statement).stmt_;
}

/// SQLite's own words, without the name of the function of SOCI in front.
std::string words(const soci::soci_error& error) {
    std::string text = error.get_error_message();
    const auto colon = text.find(": ");
    if (text.starts_with("sqlite3_") && colon != std::string::npos) text.erase(0, colon + 2);
    return text;
}

ErrorCode code_of(int result) {
    if (result == SQLITE_CONSTRAINT_DATATYPE) return ErrorCode::invalid;
    switch (result & 0xff) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return ErrorCode::corrupt;
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
            return ErrorCode::io;
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return ErrorCode::permission;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return ErrorCode::timeout;
        case SQLITE_CONSTRAINT:
            return ErrorCode::conflict;
        case SQLITE_MISMATCH:
        case SQLITE_RANGE:
            return ErrorCode::invalid;
        case SQLITE_TOOBIG:
            return ErrorCode::too_large;
        case SQLITE_INTERRUPT:
            return ErrorCode::cancelled;
        case SQLITE_NOMEM:
            return ErrorCode::unavailable;
        default:
            return ErrorCode::internal;
    }
}

/// A full disk is often no more than "disk I/O error".
bool may_be_full(int result) {
    const int kind = result & 0xff;
    return kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN;
}

/// What to do about it, where SQLite's words alone leave people helpless.
std::string advice(ErrorCode code, int result, const std::string& path, const Options& options) {
    if (code == ErrorCode::corrupt)
        return fmt::format(
            "; the file was left as it is. Stop every program that uses it, move {0}, {0}-wal and {0}-shm "
            "away "
            "together, and put a backup there, or what `sqlite3 {0} .recover` can save; without a file the "
            "next start makes an empty database",
            path);
    if ((result & 0xff) == SQLITE_FULL)
        return "; nothing of this transaction was kept. Make room on the disk";
    if (may_be_full(result) && is_disk_full(path))
        return "; the disk is full, and nothing of this transaction was kept. Make room on the disk";
    if (code == ErrorCode::timeout)
        return fmt::format("; another process has held the file for {}", rm::print(options.busy_timeout));
    return {};
}

Cell read_cell(api::sqlite3_stmt* statement, int column) {
    switch (api::sqlite3_column_type(statement, column)) {
        case SQLITE_INTEGER:
            return std::int64_t{api::sqlite3_column_int64(statement, column)};
        case SQLITE_FLOAT:
            return api::sqlite3_column_double(statement, column);
        case SQLITE_NULL:
            return Null();
        default: {
            const auto* text = reinterpret_cast<const char*>(api::sqlite3_column_text(statement, column));
            return std::string(text, static_cast<std::size_t>(api::sqlite3_column_bytes(statement, column)));
        }
    }
}

Result<std::vector<std::string>> sqlite_parameters(soci::details::statement_backend& backend,
                                                   std::string_view sql) {
    api::sqlite3_stmt* statement = sqlite_handle(backend);
    const std::string_view whole = sql.substr(0, sql.find_last_not_of("; \n\t") + 1);
    const char* prepared = statement == nullptr ? "" : api::sqlite3_sql(statement);
    if (std::string_view(prepared).size() < whole.size())
        return fail(ErrorCode::internal, "more than one statement, or none, in {}", quoted(sql));
    std::vector<std::string> names(static_cast<std::size_t>(api::sqlite3_bind_parameter_count(statement)));
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = backend.get_parameter_name(static_cast<int>(i));
    return names;
}

Outcome sqlite_outcome(soci::details::statement_backend& backend, bool has_row) {
    api::sqlite3_stmt* statement = sqlite_handle(backend);
    const int count = api::sqlite3_column_count(statement);
    auto columns = std::make_shared<std::vector<std::string>>();
    for (int i = 0; i < count; ++i) columns->emplace_back(api::sqlite3_column_name(statement, i));
    Outcome outcome;
    while (has_row) {
        std::vector<Cell> cells;
        cells.reserve(columns->size());
        for (int i = 0; i < count; ++i) cells.push_back(read_cell(statement, i));
        outcome.rows.emplace_back(columns, std::move(cells));
        has_row = backend.fetch(1) == soci::details::statement_backend::ef_success;
    }
    if (api::sqlite3_stmt_readonly(statement) == 0)
        outcome.touched = api::sqlite3_changes64(api::sqlite3_db_handle(statement));
    return outcome;
}

class SqliteConnection final : public Connection {
public:
    SqliteConnection(std::string path, Options options, Patience patience)
        : path_(std::move(path)), options_(std::move(options)), patience_(std::move(patience)) {}

    Status open();

    void set(const Patience& patience) override;
    Status begin(Access access) override;
    Status commit() override { return exec("commit"); }
    void rollback() override;
    Result<Outcome> run(std::string_view sql, const Params& params) override;
    [[nodiscard]] bool usable() const override { return true; }
    // BEGIN IMMEDIATE waits for its turn and then has the file for itself.
    [[nodiscard]] bool collided() const override { return false; }
    [[nodiscard]] const Dialect& dialect() const override { return sqlite_dialect; }

private:
    Result<Outcome> run_anyway(std::string_view sql, const Params& params);
    Status exec(std::string_view sql);
    bool wait_for_turn(int waits);
    Status check_integrity();
    Status use_write_ahead_log();
    [[nodiscard]] Error explain(int result, const std::string& message) const;

    const std::string path_;
    const Options options_;
    Patience patience_;
    soci::session session_;
    std::optional<FileIdentity> identity_;
    bool reading_ = false;
    std::chrono::steady_clock::time_point waiting_since_;
    std::optional<std::stop_callback<std::function<void()>>> on_stop_;  // last: it uses the session
};

Error SqliteConnection::explain(int result, const std::string& message) const {
    const bool unanswered = (result & 0xff) == SQLITE_BUSY || (result & 0xff) == SQLITE_INTERRUPT;
    if (unanswered && patience_.stop.stop_requested()) return told_to_stop();
    const bool write_in_read = reading_ && result == SQLITE_READONLY;
    const ErrorCode code = write_in_read ? ErrorCode::internal : code_of(result);
    return Error{code, message + advice(code, result, path_, options_)};
}

void SqliteConnection::set(const Patience& patience) {
    patience_ = patience;
    on_stop_.reset();
    on_stop_.emplace(patience.stop,
                     [database = sqlite_handle(session_)] { api::sqlite3_interrupt(database); });
}

/// Another process holds the file: takes a nap, or says that it was waited for long enough.
bool SqliteConnection::wait_for_turn(int waits) {
    const auto now = std::chrono::steady_clock::now();
    if (waits == 0) waiting_since_ = now;
    if (patience_.over() || now - waiting_since_ >= options_.busy_timeout) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(waits + 1, 20)));
    return true;
}

Result<Outcome> SqliteConnection::run(std::string_view sql, const Params& params) {
    if (patience_.stop.stop_requested()) return fail(told_to_stop());
    return run_anyway(sql, params);
}

Result<Outcome> SqliteConnection::run_anyway(std::string_view sql, const Params& params) {
    try {
        const StatementReader reader = {
            .parameters = [&](auto& statement) { return sqlite_parameters(statement, sql); },
            .outcome = sqlite_outcome,
        };
        return run_statement(session_, sql, params, reader);
    } catch (const soci::sqlite3_soci_error& error) {
        return fail(explain(error.result(), words(error)));
    } catch (const std::exception& error) {
        return fail(ErrorCode::internal, "{}", error.what());
    }
}

Status SqliteConnection::exec(std::string_view sql) {
    auto done = run_anyway(sql, {});
    if (!done) return fail(std::move(done).error());
    return {};
}

Status SqliteConnection::begin(Access access) {
    if (identify(path_) != identity_)
        return fail(
            ErrorCode::io,
            "the database file was deleted or replaced while it was in use; what is written now would be "
            "lost. Put it back, or restart this program to begin with what is there");
    const bool reading = access == Access::read;
    if (reading != reading_)
        if (Status set = exec(reading ? "pragma query_only = on" : "pragma query_only = off"); !set)
            return set;
    reading_ = reading;
    return exec(reading ? "begin" : "begin immediate");
}

void SqliteConnection::rollback() {
    // Some errors, a full disk for one, have rolled back already.
    if (api::sqlite3_get_autocommit(sqlite_handle(session_)) == 0) static_cast<void>(exec("rollback"));
}

Status SqliteConnection::check_integrity() {
    auto found = run("pragma quick_check(1)", {});
    if (!found) return fail(std::move(found).error());
    auto text = found->rows.at(0).get<std::string>("quick_check");
    if (!text) return fail(std::move(text).error());
    if (*text == "ok") return {};
    return fail(explain(SQLITE_CORRUPT, *text));
}

/// Two programs that start at once on a new file collide here without being made to wait by the busy timeout.
Status SqliteConnection::use_write_ahead_log() {
    const auto deadline = std::chrono::steady_clock::now() + options_.busy_timeout;
    for (;;) {
        auto mode = run("pragma journal_mode = wal", {});
        if (mode) {
            auto text = mode->rows.at(0).get<std::string>("journal_mode");
            if (text == "wal") return {};
            return fail(ErrorCode::unsupported,
                        "a write-ahead log cannot be kept there (is it a network file system?)");
        }
        const bool busy = mode.error().code == ErrorCode::timeout;
        if (!busy || std::chrono::steady_clock::now() > deadline) return fail(std::move(mode).error());
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

Status SqliteConnection::open() {
    if (Status ready = prepare_sqlite_file(path_); !ready) return ready;
    try {
        // SOCI reads its connect string word by word: the path goes in quotes, and never begins with a space.
        const bool absolute = path_.starts_with('/');
        session_.open(soci::sqlite3, fmt::format("db=\"{}{}\"", absolute ? "" : "./", path_));
    } catch (const soci::sqlite3_soci_error& error) {
        return fail(explain(error.result(), words(error)));
    } catch (const std::exception& error) {
        return fail(ErrorCode::io, "{}", error.what());
    }
    identity_ = identify(path_);
    api::sqlite3* database = sqlite_handle(session_);
    api::sqlite3_extended_result_codes(database, 1);
    const auto busy = [](void* self, int waits) -> int {
        return static_cast<SqliteConnection*>(self)->wait_for_turn(waits) ? 1 : 0;
    };
    api::sqlite3_busy_handler(database, busy, this);
    set(patience_);
    // Until the file is known to be sound nothing is written to it, not even on closing it.
    api::sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    api::sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    for (const char* setting : {"pragma trusted_schema = off", "pragma cell_size_check = on"})
        if (Status set = exec(setting); !set) return set;
    if (Status sound = check_integrity(); !sound) return sound;
    if (Status logged = use_write_ahead_log(); !logged) return logged;
    for (const char* setting : {"pragma synchronous = full", "pragma foreign_keys = on"})
        if (Status set = exec(setting); !set) return set;
    api::sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
    return {};
}

}  // namespace

Result<std::unique_ptr<Connection>> open_sqlite(const SqliteFile& file, const Options& options,
                                                const Patience& patience) {
    auto connection = std::make_unique<SqliteConnection>(file.path, options, patience);
    if (Status opened = connection->open(); !opened) return fail(std::move(opened).error());
    return connection;
}

}  // namespace rm::store
