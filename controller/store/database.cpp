// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include <fmt/chrono.h>

#include "store/backoff.h"
#include "store/connection.h"
#include "store/location.h"
#include "store/patience.h"

namespace rm::store {
namespace {

constexpr int most_attempts = 5;

std::string in_utc(WallTime time) {
    return fmt::format("{:%FT%TZ}", std::chrono::floor<std::chrono::seconds>(time));
}

bool may_come_back(ErrorCode code) {
    return code == ErrorCode::unavailable || code == ErrorCode::timeout;
}

/// Whether an error tells something about the database itself rather than about one statement.
bool concerns_health(ErrorCode code) {
    return may_come_back(code) || code == ErrorCode::io || code == ErrorCode::corrupt ||
           code == ErrorCode::permission;
}

Result<std::unique_ptr<Connection>> connect(const Location& location, const Options& options,
                                            const Patience& patience) {
    if (const auto* file = std::get_if<SqliteFile>(&location)) return open_sqlite(*file, options, patience);
    return connect_postgres(std::get<PostgresServer>(location), options, patience);
}

std::optional<Bytes> size_of(const Location& location) {
    const auto* file = std::get_if<SqliteFile>(&location);
    if (file == nullptr) return std::nullopt;
    std::uintmax_t sum = 0;
    for (const char* suffix : {"", "-wal"}) {
        std::error_code error;
        const auto size = std::filesystem::file_size(file->path + suffix, error);
        if (!error) sum += size;
    }
    return Bytes(static_cast<std::int64_t>(sum));
}

}  // namespace

std::string print(const Health& health) {
    if (!health.ok) {
        std::string text =
            fmt::format("{}: {}; since {}", health.where, health.problem, in_utc(health.since));
        if (health.next_try) text += fmt::format("; next try in {}", rm::print(*health.next_try));
        return text;
    }
    std::string text = fmt::format("{}, schema {}", health.where, health.schema);
    if (health.size) text += ", " + rm::print_rounded(*health.size);
    return text;
}

struct Database::State {
    /// Marks the calling thread as the owner while it lives.
    struct Mark {
        explicit Mark(std::atomic<std::thread::id>& who) : id(who) { id = std::this_thread::get_id(); }
        ~Mark() { id = std::thread::id(); }
        Mark(const Mark&) = delete;
        Mark& operator=(const Mark&) = delete;
        Mark(Mark&&) = delete;
        Mark& operator=(Mark&&) = delete;
        std::atomic<std::thread::id>& id;
    };

    State(Options options_, Location location_, Clock& clock_, std::span<const Migration> migrations_)
        : options(std::move(options_)),
          location(std::move(location_)),
          clock(clock_),
          migrations(migrations_),
          backoff(options.first_retry, options.longest_retry) {
        health.where = store::print(location);
        health.since = clock.now().wall;
    }

    Status connect(const Patience& patience);
    Status begin(Access access, const Patience& patience);
    Status attempt(Access access, const Work& work, const Patience& patience, bool& again);
    Status run(Access access, const Work& work, const Patience& patience);
    void abandon();
    void note(Access access, const Status& status);
    Status failed(Access access, const Status& cause, Status status);
    [[nodiscard]] Status away() const;
    [[nodiscard]] bool writing_fails() const;

    /// Of all calls but the last.
    [[nodiscard]] Patience until_cancelled() const { return {.stop = cancel.get_token()}; }

    const Options options;
    const Location location;
    Clock& clock;
    const std::span<const Migration> migrations;

    std::stop_source cancel;

    std::timed_mutex mutex;                  // held during a transaction; guards the next two
    std::unique_ptr<Connection> connection;  // null while the server is away
    Backoff backoff;
    std::atomic<std::thread::id> owner;  // who holds the mutex

    mutable std::mutex health_mutex;  // held for a moment only
    Health health;
    bool write_failed = false;  // and no write has succeeded since
    SteadyTime next_try = SteadyTime::min();
};

/// Remembers for /health what a call found out. Where a write has failed, a read that succeeds is no news: on
/// a full disk everything can be read.
void Database::State::note(Access access, const Status& status) {
    if (!status && !concerns_health(status.error().code)) return;
    const Instant now = clock.now();
    const std::lock_guard lock(health_mutex);
    if (access != Access::read) {
        write_failed = !status;
    } else if (status && write_failed) {
        return;
    }
    if (status.has_value() != health.ok) health.since = now.wall;
    health.ok = status.has_value();
    health.problem = status ? std::string() : status.error().message;
    next_try = connection ? SteadyTime::min() : now.steady + backoff.remaining(now.steady);
}

/// Notes `cause`, and says in `status` which database it is when the trouble is not about one statement.
Status Database::State::failed(Access access, const Status& cause, Status status) {
    note(access, cause);
    if (!concerns_health(cause.error().code)) return status;
    return fail(std::move(status).error().with_prefix(store::print(location)));
}

Status Database::State::away() const {
    const Duration remaining = backoff.remaining(clock.now().steady);
    const std::lock_guard lock(health_mutex);
    return fail(ErrorCode::unavailable, "{} is away since {}: {}; next try in {}", health.where,
                in_utc(health.since), health.problem, rm::print(remaining));
}

bool Database::State::writing_fails() const {
    const std::lock_guard lock(health_mutex);
    return write_failed;
}

Status Database::State::connect(const Patience& patience) {
    auto opened = store::connect(location, options, patience);
    auto version = opened ? migrate(**opened, migrations, clock.now().wall) : fail(opened.error());
    if (!version) {
        backoff.failed(clock.now().steady);
        note(Access::read, fail(version.error()));
        return fail(std::move(version).error().with_prefix(store::print(location)));
    }
    connection = *std::move(opened);
    backoff.succeeded();
    const std::lock_guard lock(health_mutex);
    health.schema = *version;
    return {};
}

/// Begins a transaction, on a new connection when the old one turns out to be gone: nothing was done on it
/// yet.
Status Database::State::begin(Access access, const Patience& patience) {
    if (connection) {
        connection->set(patience);
        Status begun = connection->begin(access);
        if (begun) return begun;
        if (connection->usable()) return failed(access, begun, begun);
        connection.reset();
        note(Access::read, begun);
        if (patience.over()) return begun;
    }
    if (Status connected = connect(patience); !connected) return connected;
    const Status begun = connection->begin(access);
    return begun ? begun : failed(access, begun, begun);
}

/// Runs `work` once; `again` tells whether it only collided with another writer.
Status Database::State::attempt(Access access, const Work& work, const Patience& patience, bool& again) {
    again = false;
    if (Status begun = begin(access, patience); !begun) return begun;
    Session session(*connection);
    Status status;
    try {
        status = work(session);
    } catch (...) {
        abandon();
        throw;
    }
    Status cause = session.status();
    if (status) status = cause;  // a failed statement counts, even when the work went on
    if (status) status = cause = connection->commit();
    if (status) {
        note(access, status);
        return status;
    }
    again = !cause && connection->collided();
    abandon();
    return cause ? status : failed(access, cause, std::move(status));
}

void Database::State::abandon() {
    connection->rollback();
    if (!connection->usable()) connection.reset();
}

Status Database::State::run(Access access, const Work& work, const Patience& patience) {
    if (owner.load() == std::this_thread::get_id())
        return fail(ErrorCode::internal, "a transaction of the store cannot begin inside another");
    const std::unique_lock lock =
        patience.end == Patience().end ? std::unique_lock(mutex) : std::unique_lock(mutex, patience.end);
    if (!lock) return fail(ErrorCode::timeout, "the transaction before this one did not end in time");
    const Mark mark(owner);
    if (patience.stop.stop_requested()) return fail(told_to_stop());
    if (!connection && backoff.remaining(clock.now().steady) > Duration::zero()) return away();
    Status status;
    bool again = true;
    for (int i = 0; again && i < most_attempts; ++i) status = attempt(access, work, patience, again);
    return status;
}

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(const Options& options, Clock& clock,
                                                 std::span<const Migration> migrations) {
    auto location = parse_location(options.url);
    if (!location) return fail(std::move(location).error());
    const bool remote = std::holds_alternative<PostgresServer>(*location);
    auto state = std::make_unique<State>(options, *std::move(location), clock, migrations);
    Status connected = state->connect(state->until_cancelled());
    if (!connected && !(remote && may_come_back(connected.error().code)))
        return fail(std::move(connected).error());
    if (connected) state->note(Access::read, connected);
    return std::unique_ptr<Database>(new Database(std::move(state)));
}

Status Database::transaction(const Work& work) {
    return state_->run(Access::write, work, state_->until_cancelled());
}

Status Database::read(const Work& work) {
    return state_->run(Access::read, work, state_->until_cancelled());
}

Result<Rows> Database::query(std::string_view sql, const Params& params) {
    Rows rows;
    Status status = read([&](Session& session) -> Status {
        auto found = session.query(sql, params);
        if (!found) return fail(std::move(found).error());
        rows = *std::move(found);
        return {};
    });
    if (!status) return fail(std::move(status).error());
    return rows;
}

Status Database::check() {
    if (state_->writing_fails() && !state_->migrations.empty())
        return transaction([](Session& session) -> Status {
            auto written = session.execute("update schema_migrations set name = name where version = 1");
            if (!written) return fail(std::move(written).error());
            return {};
        });
    auto answer = query("select 1 as one");
    if (!answer) return fail(std::move(answer).error());
    return {};
}

void Database::cancel() {
    state_->cancel.request_stop();
}

Status Database::last_transaction(const Work& work, Duration limit) {
    return state_->run(Access::write, work, {.stop = {}, .end = std::chrono::steady_clock::now() + limit});
}

Health Database::health() const {
    const SteadyTime now = state_->clock.now().steady;
    Health health;
    {
        const std::lock_guard lock(state_->health_mutex);
        health = state_->health;
        if (!health.ok && state_->next_try > now)
            health.next_try = std::chrono::ceil<Duration>(state_->next_try - now);
    }
    if (health.ok) health.size = size_of(state_->location);
    return health;
}

}  // namespace rm::store
