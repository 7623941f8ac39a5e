// SPDX-License-Identifier: Apache-2.0
#include "store/leases.h"

#include <utility>

namespace rm::store {
namespace {

constexpr Duration parting{500};

}  // namespace

Result<Lease> take_lease(Database& database, std::string_view name, std::string_view holder, WallTime now,
                         Duration length, std::string_view ended) {
    Lease lease;
    const auto kept = database.transaction([&](Session& session) -> Status {
        const auto written = session.execute(
            "insert into leases (name, holder, held_until) values (:name, :holder, :until)"
            " on conflict (name) do update set holder = excluded.holder, held_until = excluded.held_until"
            " where leases.holder = excluded.holder or leases.held_until <= :now or leases.holder = :ended",
            {{"name", name}, {"holder", holder}, {"until", now + length}, {"now", now}, {"ended", ended}});
        if (!written) return fail(written.error());
        const auto rows =
            session.query("select holder, held_until from leases where name = :name", {{"name", name}});
        if (!rows) return fail(rows.error());
        if (rows->empty()) return fail(ErrorCode::internal, "the lease {} is gone", name);
        RowReader read(rows->front());
        lease = {.holder = read.get<std::string>("holder"), .until = read.get<WallTime>("held_until")};
        const auto whole = read.result(true);
        if (!whole) return fail(whole.error());
        return {};
    });
    if (!kept) return fail(kept.error());
    return lease;
}

Status give_up_lease(Database& database, std::string_view name, std::string_view holder) {
    return database.last_transaction(
        [&](Session& session) -> Status {
            const auto dropped = session.execute("delete from leases where name = :name and holder = :holder",
                                                 {{"name", name}, {"holder", holder}});
            if (!dropped) return fail(dropped.error());
            return {};
        },
        parting);
}

}  // namespace rm::store
