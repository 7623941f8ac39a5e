// SPDX-License-Identifier: Apache-2.0
#include "store/statement.h"

#include <algorithm>
#include <variant>

#include <soci/soci.h>

#include "core/text.h"

namespace rm::store {
namespace {

/// What SOCI reads a parameter from; it must stay where it is until the statement has run.
struct Bound {
    long long integer = 0;
    double real = 0;
    std::string nothing;
    soci::indicator indicator = soci::i_ok;
};

/// Given and expected names must match: SQLite would take a missing one for null.
Status check_names(std::string_view sql, const Params& params, const std::vector<std::string>& expected) {
    for (const std::string& name : expected)
        if (std::ranges::find(params, name, &Param::name) == params.end())
            return fail(ErrorCode::internal, "no value is given for :{} in {}", name, quoted(sql));
    for (const Param& param : params)
        if (std::ranges::find(expected, param.name) == expected.end())
            return fail(ErrorCode::internal, "there is no :{} in {}", param.name, quoted(sql));
    return {};
}

void bind(soci::statement& statement, const Param& param, Bound& bound) {
    const std::string name(param.name);
    const Cell& cell = param.value.cell();
    if (const auto* text = std::get_if<std::string>(&cell)) {
        statement.exchange(soci::use(*text, bound.indicator, name));
    } else if (const auto* real = std::get_if<double>(&cell)) {
        bound.real = *real;
        statement.exchange(soci::use(bound.real, bound.indicator, name));
    } else if (std::holds_alternative<Null>(cell)) {
        bound.indicator = soci::i_null;
        statement.exchange(soci::use(bound.nothing, bound.indicator, name));
    } else {
        const auto* truth = std::get_if<bool>(&cell);
        bound.integer = truth != nullptr ? static_cast<long long>(*truth) : std::get<std::int64_t>(cell);
        statement.exchange(soci::use(bound.integer, bound.indicator, name));
    }
}

}  // namespace

Result<Outcome> run_statement(soci::session& session, std::string_view sql, const Params& params,
                              const StatementReader& reader) {
    for (const Param& param : params)
        if (Status status = check_storable(param); !status) return fail(std::move(status).error());
    std::vector<Bound> bound(params.size());
    soci::statement statement(session);
    for (std::size_t i = 0; i < params.size(); ++i) bind(statement, params[i], bound[i]);
    statement.alloc();
    statement.prepare(std::string(sql), soci::details::st_one_time_query);
    soci::details::statement_backend& backend = *statement.get_backend();
    auto names = reader.parameters(backend);
    if (!names) return fail(std::move(names).error());
    if (Status status = check_names(sql, params, *names); !status) return fail(std::move(status).error());
    statement.define_and_bind();
    const bool has_row = statement.execute(true);
    return reader.outcome(backend, has_row);
}

}  // namespace rm::store
