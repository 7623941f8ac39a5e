// SPDX-License-Identifier: Apache-2.0
// Durations as people write them: `30m`, `1h30m`, `250ms`, `7d`, or plain seconds. Exact to the millisecond.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/result.h"

namespace rm {

using Duration = std::chrono::milliseconds;

/// Units d, h, m, s, ms, largest first, each at most once; a bare number is seconds.
Result<Duration> parse_duration(std::string_view text);

/// `1h30m`; what `parse_duration` reads back as the same duration.
std::string print(Duration duration);

}  // namespace rm
