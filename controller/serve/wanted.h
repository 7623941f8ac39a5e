// SPDX-License-Identifier: Apache-2.0
// A deployment that somebody asks for, read from the words of a request or a command line. Plain values;
// pure. Errors are `invalid` and say what was expected.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "config/strategy.h"
#include "core/limits.h"
#include "core/names.h"
#include "core/result.h"

namespace rm::serve {

struct Wanted {
    ServiceName service;                       // in full
    std::optional<config::Strategy> strategy;  // nothing: as configured
    Limits to;                                 // a missing one stays as it is
    std::string requested_by;
    std::string reason;
};

/// Begins it and gives its number. `conflict` when one of the service is under way or nothing would change,
/// `unsupported` when the strategy is not possible, `permission` when nothing may be changed; the message
/// says what. It looks at the engine, until `stop`.
using Deploy = std::function<Result<std::int64_t>(const Wanted&, const std::stop_token& stop)>;

/// What people wrote as a reason or as their name: one printable line, of 500 bytes at most.
Result<std::string> read_line(std::string_view text);

/// `1.5`, of which there must be some.
Result<Cores> read_cpu_amount(std::string_view text);
/// `768M`, of which there must be some.
Result<Bytes> read_memory_amount(std::string_view text);
/// `in_place`, `auto`
Result<config::Strategy> read_strategy(std::string_view text);

/// The body of POST /api/services/{name}/deploy; `service` is not in it.
Result<Wanted> read_wanted(std::string_view body, const ServiceName& service);

}  // namespace rm::serve
