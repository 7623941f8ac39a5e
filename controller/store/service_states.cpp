// SPDX-License-Identifier: Apache-2.0
#include "store/service_states.h"

#include <utility>

#include "store/service_column.h"

namespace rm::store {
namespace {

Result<ServiceState> to_state(const Row& row) {
    auto service = service_of(row);
    if (!service) return fail(std::move(service).error());
    RowReader read(row);
    ServiceState state = {
        .service = *std::move(service),
        .state = read.get<std::string>("state"),
        .updated_at = read.get<WallTime>("updated_at"),
    };
    return read.result(std::move(state));
}

}  // namespace

Result<std::vector<ServiceState>> service_states(Database& database) {
    auto rows = database.query("select service, state, updated_at from service_states order by service");
    if (!rows) return fail(std::move(rows).error());
    return read_all(*rows, to_state);
}

Status put(Session& session, const ServiceState& state) {
    auto written = session.execute(
        "insert into service_states (service, state, updated_at) values (:service, :state, :now)"
        " on conflict (service) do update set state = excluded.state, updated_at = excluded.updated_at",
        {{"service", print(state.service)}, {"state", state.state}, {"now", state.updated_at}});
    if (!written) return fail(std::move(written).error());
    return {};
}

Status forget_states_before(Session& session, WallTime time) {
    auto dropped = session.execute("delete from service_states where updated_at < :time", {{"time", time}});
    if (!dropped) return fail(std::move(dropped).error());
    return {};
}

}  // namespace rm::store
