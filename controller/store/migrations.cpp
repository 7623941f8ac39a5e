// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "core/text.h"
#include "store/connection.h"

namespace rm::store {
namespace {

Result<std::string> in_dialect(const std::string& statement, const Dialect& dialect) {
    try {
        return fmt::format(fmt::runtime(statement), fmt::arg("id", dialect.id),
                           fmt::arg("integer", dialect.integer), fmt::arg("real", dialect.real),
                           fmt::arg("boolean", dialect.boolean), fmt::arg("strict", dialect.strict));
    } catch (const fmt::format_error& error) {
        return fail(ErrorCode::internal, "{}: {}", quoted(statement), error.what());
    }
}

Result<std::int64_t> number(Connection& connection, std::string_view sql) {
    auto outcome = connection.run(sql, {});
    if (!outcome) return fail(std::move(outcome).error());
    if (outcome->rows.size() != 1) return fail(ErrorCode::internal, "{} gave no number", quoted(sql));
    return outcome->rows.front().get<std::int64_t>("number");
}

/// The version that is there; 0 for an empty database. Someone else's database is refused.
Result<std::int64_t> present_version(Connection& connection) {
    auto ours = number(connection, connection.dialect().has_history);
    if (!ours) return ours;
    if (*ours > 0)
        return number(connection, "select coalesce(max(version), 0) as number from schema_migrations");
    auto tables = number(connection, connection.dialect().count_tables);
    if (!tables) return tables;
    if (*tables > 0)
        return fail(
            ErrorCode::conflict,
            "the database is not empty and was not made by this program; give it a database of its own");
    return 0;
}

Status create_history(Connection& connection) {
    auto sql = in_dialect(
        "create table if not exists schema_migrations (version {integer} not null primary key, name text not "
        "null,"
        " applied_at {integer} not null){strict}",
        connection.dialect());
    if (!sql) return fail(std::move(sql).error());
    if (auto made = connection.run(*sql, {}); !made) return fail(std::move(made).error());
    return {};
}

Status apply(Connection& connection, const Migration& migration, WallTime now) {
    for (const std::string& statement : migration.statements) {
        auto sql = in_dialect(statement, connection.dialect());
        if (!sql) return fail(std::move(sql).error());
        if (auto done = connection.run(*sql, {}); !done) return fail(std::move(done).error());
    }
    auto noted = connection.run(
        "insert into schema_migrations (version, name, applied_at) values (:version, :name, :now)",
        {{"version", migration.version}, {"name", migration.name}, {"now", now}});
    if (!noted) return fail(std::move(noted).error());
    return {};
}

Status check_order(std::span<const Migration> migrations) {
    int expected = 1;
    for (const Migration& migration : migrations)
        if (migration.version != expected++)
            return fail(ErrorCode::internal, "migration {} is out of order", migration.version);
    return {};
}

/// As `present_version`; one that this program does not know is refused.
Result<std::size_t> known_version(Connection& connection, std::size_t known) {
    auto present = present_version(connection);
    if (!present) return fail(std::move(present).error());
    if (std::cmp_greater(*present, known))
        return fail(
            ErrorCode::unsupported,
            "the database has schema version {} and this program knows versions up to {}: it was used by a "
            "newer release. Run that release, or restore a copy from before the upgrade",
            *present, known);
    return static_cast<std::size_t>(*present);
}

/// Applies the next migration that is missing. The version that was there before.
Result<std::size_t> step(Connection& connection, std::span<const Migration> migrations, WallTime now) {
    auto present = known_version(connection, migrations.size());
    if (!present || *present == migrations.size()) return present;
    const Migration& next = migrations[*present];
    Status status = *present == 0 ? create_history(connection) : Status();
    if (status) status = apply(connection, next, now);
    if (!status)
        return fail(std::move(status).error().with_prefix(
            fmt::format("schema migration {} ({}) failed and was undone", next.version, next.name)));
    return present;
}

using Step = std::function<Result<std::size_t>()>;

Result<std::size_t> in_transaction(Connection& connection, Access access, const Step& work) {
    if (Status begun = connection.begin(access); !begun) return fail(std::move(begun).error());
    auto version = work();
    if (!version) {
        connection.rollback();
        return version;
    }
    if (Status done = connection.commit(); !done) {
        connection.rollback();
        return fail(std::move(done).error());
    }
    return version;
}

}  // namespace

// Most connections find the schema as it should be: looking is an ordinary read, with its time limits. Only
// where something is missing is there the patience that changing a large table needs.
Result<int> migrate(Connection& connection, std::span<const Migration> migrations, WallTime now) {
    if (Status status = check_order(migrations); !status) return fail(std::move(status).error());
    const std::size_t known = migrations.size();
    auto version = in_transaction(connection, Access::read, [&] { return known_version(connection, known); });
    while (version && *version < known)
        version =
            in_transaction(connection, Access::migrate, [&] { return step(connection, migrations, now); });
    if (!version) return fail(std::move(version).error());
    return static_cast<int>(*version);
}

}  // namespace rm::store
