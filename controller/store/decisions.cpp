// SPDX-License-Identifier: Apache-2.0
#include "store/decisions.h"

#include <utility>

#include "store/service_column.h"

namespace rm::store {
namespace {

std::optional<std::int64_t> nanos(const std::optional<Cores>& cpu) {
    return cpu ? std::optional(cpu->nanos()) : std::nullopt;
}

std::optional<std::int64_t> count(const std::optional<Bytes>& memory) {
    return memory ? std::optional(memory->count()) : std::nullopt;
}

Limits to_limits(std::optional<std::int64_t> nanos, std::optional<std::int64_t> bytes) {
    Limits limits;
    if (nanos) limits.cpu = Cores::from_nanos(*nanos);
    if (bytes) limits.memory = Bytes(*bytes);
    return limits;
}

Result<Decision> to_decision(const Row& row) {
    auto service = service_of(row);
    if (!service) return fail(std::move(service).error());
    RowReader read(row);
    const auto amount = [&](std::string_view column) {
        return read.get<std::optional<std::int64_t>>(column);
    };
    const Limits to = to_limits(amount("to_cpu_nanos"), amount("to_memory_bytes"));
    Decision decision = {
        .id = read.get<std::int64_t>("id"),
        .at = read.get<WallTime>("decided_at"),
        .service = *std::move(service),
        .outcome = read.get<std::string>("outcome"),
        .from = to_limits(amount("from_cpu_nanos"), amount("from_memory_bytes")),
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
         {"from_cpu", nanos(decision.from.cpu)},
         {"from_memory", count(decision.from.memory)},
         {"changes", decision.to.has_value()},
         {"to_cpu", nanos(to.cpu)},
         {"to_memory", count(to.memory)},
         {"reason", decision.reason},
         {"details", decision.details}});
    if (!written) return fail(std::move(written).error());
    return {};
}

Result<std::vector<Decision>> decisions(Database& database, const DecisionQuery& query) {
    if (query.limit < 1)
        return fail(ErrorCode::invalid, "a page of {} decisions cannot be read; ask for at least 1",
                    query.limit);
    std::string sql = "select * from decisions where 1 = 1";
    Params params = {{"limit", query.limit}};
    if (query.service) {
        sql += " and service = :service";
        params.push_back({"service", print(*query.service)});
    }
    if (query.before) {
        sql += " and id < :before";
        params.push_back({"before", *query.before});
    }
    auto rows = database.query(sql + " order by id desc limit :limit", params);
    if (!rows) return fail(std::move(rows).error());
    return read_all(*rows, to_decision);
}

Status forget_decisions_before(Session& session, WallTime time) {
    auto dropped = session.execute("delete from decisions where decided_at < :time", {{"time", time}});
    if (!dropped) return fail(std::move(dropped).error());
    return {};
}

}  // namespace rm::store
