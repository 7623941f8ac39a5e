// SPDX-License-Identifier: Apache-2.0
// Amounts, shares and times as the tables write them: short, rounded, for people.
#pragma once

#include <optional>
#include <string>

#include "app/views/check_view.h"
#include "core/clock.h"

namespace rm::app {

std::string print_cores(double cores);    // 0.42
std::string print_memory(double bytes);   // 212M, 1.5G
std::string print_percent(double ratio);  // 84%

/// The two largest units: `1h23m`, `4m48s`, `12s`.
std::string print_brief(Duration duration);

/// `2026-01-01 12:00:00Z`
std::string print_moment(WallTime time);

/// `0.5 -> 0.7 CPU, 256M -> 320M memory`; what stays is left out.
std::string print_change(const LimitsView& from, const LimitsView& to);
/// `0.5 CPU, 256M memory`
std::string print_limits(const LimitsView& limits);

}  // namespace rm::app
