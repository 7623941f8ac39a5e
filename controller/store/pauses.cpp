// SPDX-License-Identifier: Apache-2.0
#include "store/pauses.h"

#include <cstdint>
#include <utility>

#include "store/service_column.h"

namespace rm::store {
namespace {

Result<Pause> to_pause(const Row& row) {
    auto service = service_of(row);
    if (!service) return fail(std::move(service).error());
    RowReader read(row);
    Pause pause = {
        .service = *std::move(service),
        .until = read.get<std::optional<WallTime>>("paused_until"),
        .reason = read.get<std::string>("reason"),
        .since = read.get<WallTime>("paused_at"),
    };
    return read.result(std::move(pause));
}

}  // namespace

Status set_pause(Session& session, const Pause& pause) {
    auto written = session.execute(
        "insert into pauses (service, paused_until, reason, paused_at)"
        " values (:service, :until, :reason, :since) on conflict (service) do update set"
        " paused_until = excluded.paused_until, reason = excluded.reason, paused_at = excluded.paused_at",
        {{"service", print(pause.service)},
         {"until", pause.until},
         {"reason", pause.reason},
         {"since", pause.since}});
    if (!written) return fail(std::move(written).error());
    return {};
}

Status set_pause(Database& database, const Pause& pause) {
    return database.transaction([&](Session& session) { return set_pause(session, pause); });
}

Result<bool> clear_pause(Database& database, const ServiceName& service) {
    std::int64_t cleared = 0;
    Status status = database.transaction([&](Session& session) -> Status {
        auto dropped =
            session.execute("delete from pauses where service = :service", {{"service", print(service)}});
        if (!dropped) return fail(std::move(dropped).error());
        cleared = *dropped;
        return {};
    });
    if (!status) return fail(std::move(status).error());
    return cleared > 0;
}

Result<std::vector<Pause>> pauses(Database& database) {
    auto rows =
        database.query("select service, paused_until, reason, paused_at from pauses order by service");
    if (!rows) return fail(std::move(rows).error());
    return read_all(*rows, to_pause);
}

}  // namespace rm::store
