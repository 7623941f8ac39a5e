// SPDX-License-Identifier: Apache-2.0
#include "store/runs.h"

#include "store/rows.h"

namespace rm::store {
namespace {

constexpr std::int64_t runs_kept = 1000;

Result<Run> to_run(const Row& row) {
    RowReader read(row);
    Run run = {
        .id = read.get<std::int64_t>("id"),
        .instance = read.get<std::string>("instance"),
        .version = read.get<std::string>("version"),
        .started_at = read.get<WallTime>("started_at"),
        .stopped_at = read.get<std::optional<WallTime>>("stopped_at"),
    };
    return read.result(std::move(run));
}

}  // namespace

Result<std::int64_t> record_start(Database& database, std::string_view instance, std::string_view version,
                                  WallTime now) {
    std::int64_t id = 0;
    Status status = database.transaction([&](Session& session) -> Status {
        auto inserted = session.insert(
            "insert into runs (instance, version, started_at) values (:instance, :version, :now) returning "
            "id",
            {{"instance", instance}, {"version", version}, {"now", now}});
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
    return database.transaction([&](Session& session) -> Status {
        auto touched =
            session.execute("update runs set stopped_at = :now where id = :id", {{"now", now}, {"id", run}});
        if (!touched) return fail(std::move(touched).error());
        if (*touched == 0) return fail(ErrorCode::not_found, "the store has no run {}", run);
        return {};
    });
}

Result<std::optional<Run>> last_run(Database& database) {
    auto rows = database.query("select * from runs order by id desc limit 1");
    if (!rows) return fail(std::move(rows).error());
    if (rows->empty()) return std::nullopt;
    auto run = to_run(rows->front());
    if (!run) return fail(std::move(run).error());
    return *std::move(run);
}

}  // namespace rm::store
