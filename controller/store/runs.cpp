// SPDX-License-Identifier: Apache-2.0
#include "store/runs.h"

#include "store/rows.h"

namespace rm::store {
namespace {

constexpr std::int64_t runs_kept = 1000;
constexpr Duration longest_goodbye = std::chrono::milliseconds(500);

Result<Run> to_run(const Row& row) {
    RowReader read(row);
    Run run = {
        .id = read.get<std::int64_t>("id"),
        .host = read.get<std::string>("host"),
        .instance = read.get<std::string>("instance"),
        .version = read.get<std::string>("version"),
        .started_at = read.get<WallTime>("started_at"),
        .stopped_at = read.get<std::optional<WallTime>>("stopped_at"),
    };
    return read.result(std::move(run));
}

}  // namespace

Result<std::int64_t> record_start(Database& database, const Starting& who, WallTime now) {
    std::int64_t id = 0;
    Status status = database.transaction([&](Session& session) -> Status {
        auto inserted = session.insert(
            "insert into runs (host, instance, version, started_at)"
            " values (:host, :instance, :version, :now) returning id",
            {{"host", who.host}, {"instance", who.instance}, {"version", who.version}, {"now", now}});
        if (!inserted) return fail(std::move(inserted).error());
        id = *inserted;
        auto pruned = session.execute("delete from runs where id <= :old", {{"old", id - runs_kept}});
        if (!pruned) return fail(std::move(pruned).error());
        return {};
    });
    if (!status) return fail(std::move(status).error());
    return id;
}

Status record_stop(Database& database, std::int64_t run, WallTime now) {
    const auto note = [&](Session& session) -> Status {
        auto touched =
            session.execute("update runs set stopped_at = :now where id = :id", {{"now", now}, {"id", run}});
        if (!touched) return fail(std::move(touched).error());
        if (*touched == 0) return fail(ErrorCode::not_found, "the store has no run {}", run);
        return {};
    };
    return database.last_transaction(note, longest_goodbye);
}

Result<std::optional<Run>> last_run(Database& database, std::string_view host) {
    auto rows =
        database.query("select * from runs where host = :host order by id desc limit 1", {{"host", host}});
    if (!rows) return fail(std::move(rows).error());
    if (rows->empty()) return std::nullopt;
    auto run = to_run(rows->front());
    if (!run) return fail(std::move(run).error());
    return *std::move(run);
}

}  // namespace rm::store
