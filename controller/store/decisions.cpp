// SPDX-License-Identifier: Apache-2.0
#include "store/decisions.h"

#include <utility>

#include "store/limits_columns.h"
#include "store/page.h"
#include "store/service_column.h"

namespace rm::store {
namespace {

Result<Decision> to_decision(const Row& row) {
    auto service = service_of(row);
    if (!service) return fail(std::move(service).error());
    RowReader read(row);
    const Limits to = limits_of(read, "to");
    Decision decision = {
        .id = read.get<std::int64_t>("id"),
        .at = read.get<WallTime>("decided_at"),
        .service = *std::move(service),
        .outcome = read.get<std::string>("outcome"),
        .from = limits_of(read, "from"),
        .to = read.get<bool>("changes") ? std::optional(to) : std::nullopt,
        .reason = read.get<std::string>("reason"),
        .details = read.get<std::string>("details"),
    };
    return read.result(std::move(decision));
}

}  // namespace

Status record(Session& session, const Decision& decision) {
    const Limits to = decision.to.value_or(Limits{});
    auto written = session.execute(
        "insert into decisions (decided_at, service, outcome, from_cpu_nanos, from_memory_bytes, changes,"
        " to_cpu_nanos, to_memory_bytes, reason, details) values (:at, :service, :outcome, :from_cpu,"
        " :from_memory, :changes, :to_cpu, :to_memory, :reason, :details)",
        {{"at", decision.at},
         {"service", print(decision.service)},
         {"outcome", decision.outcome},
         {"from_cpu", cpu_column(decision.from)},
         {"from_memory", memory_column(decision.from)},
         {"changes", decision.to.has_value()},
         {"to_cpu", cpu_column(to)},
         {"to_memory", memory_column(to)},
         {"reason", decision.reason},
         {"details", decision.details}});
    if (!written) return fail(std::move(written).error());
    return {};
}

Result<std::vector<Decision>> decisions(Database& database, const DecisionQuery& query) {
    auto rows = read_page(database, "decisions", query);
    if (!rows) return fail(std::move(rows).error());
    return read_all(*rows, to_decision);
}

Status forget_decisions_before(Session& session, WallTime time) {
    auto dropped = session.execute("delete from decisions where decided_at < :time", {{"time", time}});
    if (!dropped) return fail(std::move(dropped).error());
    return {};
}

}  // namespace rm::store
