// SPDX-License-Identifier: Apache-2.0
// Times as the engine writes and takes them. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"

namespace rm::docker {

/// RFC 3339 with up to nine digits behind the point: `2026-01-02T03:04:05.678901234Z`, `...+02:00`. The
/// engine's "never", 0001-01-01T00:00:00Z, is nothing.
Result<std::optional<WallTime>> parse_timestamp(std::string_view text);

/// `2026-01-02T03:04:05.678901234Z`
std::string print_timestamp(WallTime time);

/// Nanoseconds since 1970, as events carry them.
WallTime from_nanos(std::int64_t nanos);

/// `1767323045.678901234`, as `since` and `until` take it.
std::string print_seconds(WallTime time);

}  // namespace rm::docker
