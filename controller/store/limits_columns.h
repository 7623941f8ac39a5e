// SPDX-License-Identifier: Apache-2.0
// The two columns that limits are kept in, nanoseconds of CPU per second and bytes; null is unlimited.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/limits.h"
#include "store/rows.h"

namespace rm::store {

inline std::optional<std::int64_t> cpu_column(const Limits& limits) {
    return limits.cpu ? std::optional(limits.cpu->nanos()) : std::nullopt;
}

inline std::optional<std::int64_t> memory_column(const Limits& limits) {
    return limits.memory ? std::optional(limits.memory->count()) : std::nullopt;
}

/// From `from_cpu_nanos` and `from_memory_bytes` where the prefix is `from`.
inline Limits limits_of(RowReader& read, std::string_view prefix) {
    const auto amount = [&](std::string_view column) {
        return read.get<std::optional<std::int64_t>>(std::string(prefix).append(column));
    };
    Limits limits;
    if (const auto nanos = amount("_cpu_nanos")) limits.cpu = Cores::from_nanos(*nanos);
    if (const auto bytes = amount("_memory_bytes")) limits.memory = Bytes(*bytes);
    return limits;
}

}  // namespace rm::store
