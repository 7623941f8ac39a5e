// SPDX-License-Identifier: Apache-2.0
#include "store/deployments.h"

#include <utility>

#include "store/limits_columns.h"
#include "store/page.h"
#include "store/service_column.h"

namespace rm::store {
namespace {

Result<Deployment> to_deployment(const Row& row) {
    auto service = service_of(row);
    if (!service) return fail(std::move(service).error());
    RowReader read(row);
    Deployment deployment = {
        .id = read.get<std::int64_t>("id"),
        .token = read.get<std::string>("token"),
        .engine = read.get<std::string>("engine"),
        .service = *std::move(service),
        .strategy = read.get<std::string>("strategy"),
        .requested_by = read.get<std::string>("requested_by"),
        .reason = read.get<std::string>("reason"),
        .from = limits_of(read, "from"),
        .to = limits_of(read, "to"),
        .status = read.get<std::string>("status"),
        .phase = read.get<std::string>("phase"),
        .created_at = read.get<WallTime>("created_at"),
        .phase_since = read.get<WallTime>("phase_since"),
        .finished_at = read.get<std::optional<WallTime>>("finished_at"),
        .failure = read.get<std::string>("failure"),
        .progress = read.get<std::string>("progress"),
    };
    return read.result(std::move(deployment));
}

Result<std::optional<Deployment>> first_of(const Rows& rows) {
    if (rows.empty()) return std::nullopt;
    auto found = to_deployment(rows.front());
    if (!found) return fail(std::move(found).error());
    return *std::move(found);
}

Result<DeploymentStep> to_step(const Row& row) {
    RowReader read(row);
    DeploymentStep step = {
        .deployment = read.get<std::int64_t>("deployment"),
        .at = read.get<WallTime>("at"),
        .phase = read.get<std::string>("phase"),
        .message = read.get<std::string>("message"),
    };
    return read.result(std::move(step));
}

Result<Setbacks> to_setbacks(const Row& row) {
    auto service = service_of(row);
    if (!service) return fail(std::move(service).error());
    RowReader read(row);
    Setbacks setbacks = {
        .service = *std::move(service),
        .count = read.get<std::int64_t>("failures"),
        .last = read.get<WallTime>("last"),
    };
    return read.result(std::move(setbacks));
}

Status check_free(Session& session, const Deployment& wanted) {
    const auto others = session.query(
        "select id from deployments where engine = :engine and service = :service and finished_at is null",
        {{"engine", wanted.engine}, {"service", print(wanted.service)}});
    if (!others) return fail(others.error());
    if (others->empty()) return {};
    const auto id = others->front().get<std::int64_t>("id");
    if (!id) return fail(id.error());
    return fail(ErrorCode::conflict, "deployment {} of {} is under way", *id, print(wanted.service));
}

}  // namespace

Result<std::int64_t> begin(Session& session, const Deployment& deployment) {
    if (auto free = check_free(session, deployment); !free) return fail(std::move(free).error());
    return session.insert(
        "insert into deployments (token, engine, service, strategy, requested_by, reason, from_cpu_nanos,"
        " from_memory_bytes, to_cpu_nanos, to_memory_bytes, status, phase, created_at, phase_since,"
        " finished_at, failure, progress) values (:token, :engine, :service, :strategy, :requested_by,"
        " :reason, :from_cpu, :from_memory, :to_cpu, :to_memory, :status, :phase, :created_at, :phase_since,"
        " :finished_at, :failure, :progress) returning id",
        {{"token", deployment.token},
         {"engine", deployment.engine},
         {"service", print(deployment.service)},
         {"strategy", deployment.strategy},
         {"requested_by", deployment.requested_by},
         {"reason", deployment.reason},
         {"from_cpu", cpu_column(deployment.from)},
         {"from_memory", memory_column(deployment.from)},
         {"to_cpu", cpu_column(deployment.to)},
         {"to_memory", memory_column(deployment.to)},
         {"status", deployment.status},
         {"phase", deployment.phase},
         {"created_at", deployment.created_at},
         {"phase_since", deployment.phase_since},
         {"finished_at", deployment.finished_at},
         {"failure", deployment.failure},
         {"progress", deployment.progress}});
}

Status put(Session& session, const Deployment& deployment) {
    const auto written = session.execute(
        "update deployments set strategy = :strategy, status = :status, phase = :phase,"
        " phase_since = :phase_since, finished_at = :finished_at, failure = :failure, progress = :progress"
        " where id = :id",
        {{"id", deployment.id},
         {"strategy", deployment.strategy},
         {"status", deployment.status},
         {"phase", deployment.phase},
         {"phase_since", deployment.phase_since},
         {"finished_at", deployment.finished_at},
         {"failure", deployment.failure},
         {"progress", deployment.progress}});
    if (!written) return fail(written.error());
    if (*written != 1) return fail(ErrorCode::not_found, "there is no deployment {}", deployment.id);
    return {};
}

Status add(Session& session, const DeploymentStep& step) {
    const auto written = session.execute(
        "insert into deployment_steps (deployment, at, phase, message)"
        " values (:deployment, :at, :phase, :message)",
        {{"deployment", step.deployment}, {"at", step.at}, {"phase", step.phase}, {"message", step.message}});
    if (!written) return fail(written.error());
    return {};
}

Result<std::vector<Deployment>> unfinished(Database& database, std::string_view engine) {
    const auto rows =
        database.query("select * from deployments where engine = :engine and finished_at is null order by id",
                       {{"engine", engine}});
    if (!rows) return fail(rows.error());
    return read_all(*rows, to_deployment);
}

Result<std::vector<Deployment>> unfinished_elsewhere(Database& database, std::string_view engine) {
    const auto rows = database.query(
        "select * from deployments where engine <> :engine and finished_at is null order by id",
        {{"engine", engine}});
    if (!rows) return fail(rows.error());
    return read_all(*rows, to_deployment);
}

Result<std::vector<Setbacks>> setbacks(Session& session, std::string_view engine,
                                       std::string_view not_counted) {
    const auto rows = session.query(
        "select d.service as service, count(*) as failures, max(d.finished_at) as last from deployments d"
        " where d.engine = :engine and d.finished_at is not null and d.status <> 'succeeded'"
        " and d.requested_by <> :not_counted and d.id > coalesce((select max(s.id) from deployments s"
        " where s.engine = d.engine and s.service = d.service and s.status = 'succeeded'), 0)"
        " group by d.service order by d.service",
        {{"engine", engine}, {"not_counted", not_counted}});
    if (!rows) return fail(rows.error());
    return read_all(*rows, to_setbacks);
}

Result<std::vector<Setbacks>> setbacks(Database& database, std::string_view engine,
                                       std::string_view not_counted) {
    std::vector<Setbacks> found;
    const auto done = database.read([&](Session& session) -> Status {
        auto all = setbacks(session, engine, not_counted);
        if (!all) return fail(std::move(all).error());
        found = *std::move(all);
        return {};
    });
    if (!done) return fail(done.error());
    return found;
}

Result<std::vector<Deployment>> deployments(Database& database, const DeploymentQuery& query) {
    const auto rows = read_page(database, "deployments", query);
    if (!rows) return fail(rows.error());
    return read_all(*rows, to_deployment);
}

Result<std::vector<ServiceName>> deployed_services(Database& database) {
    const auto rows = database.query("select distinct service from deployments order by service");
    if (!rows) return fail(rows.error());
    return read_all(*rows, service_of);
}

Result<std::optional<Deployment>> last_success(Database& database, const ServiceName& service,
                                               std::string_view not_counted) {
    const auto rows = database.query(
        "select * from deployments where service = :service and status = 'succeeded'"
        " and requested_by <> :not_counted order by id desc limit 1",
        {{"service", print(service)}, {"not_counted", not_counted}});
    if (!rows) return fail(rows.error());
    return first_of(*rows);
}

Result<std::vector<Deployment>> in_force(Database& database, std::string_view engine,
                                         std::string_view not_counted) {
    const auto rows = database.query(
        "select * from deployments where status = 'succeeded' and id in (select max(id) from deployments"
        " where engine = :engine and finished_at is not null and status <> 'rolled_back'"
        " and requested_by <> :not_counted group by service) order by service",
        {{"engine", engine}, {"not_counted", not_counted}});
    if (!rows) return fail(rows.error());
    return read_all(*rows, to_deployment);
}

Result<std::optional<Deployment>> deployment(Database& database, std::int64_t id) {
    const auto rows = database.query("select * from deployments where id = :id", {{"id", id}});
    if (!rows) return fail(rows.error());
    return first_of(*rows);
}

Result<std::vector<DeploymentStep>> steps_of(Database& database, std::int64_t deployment) {
    const auto rows = database.query(
        "select deployment, at, phase, message from deployment_steps where deployment = :deployment"
        " order by id",
        {{"deployment", deployment}});
    if (!rows) return fail(rows.error());
    return read_all(*rows, to_step);
}

Status forget_deployments_before(Session& session, WallTime time) {
    const auto steps = session.execute(
        "delete from deployment_steps where deployment in"
        " (select id from deployments where finished_at < :time)",
        {{"time", time}});
    if (!steps) return fail(steps.error());
    const auto dropped =
        session.execute("delete from deployments where finished_at < :time", {{"time", time}});
    if (!dropped) return fail(dropped.error());
    return {};
}

}  // namespace rm::store
