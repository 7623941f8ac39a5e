// SPDX-License-Identifier: Apache-2.0
// Days and times of day in a time zone, right through the changes to and from summer time. The offset last
// looked up is kept per thread, so that asking again costs nothing. A zone that the host does not know is
// nothing where it matters, and UTC where only a text is wanted.
#pragma once

#include <optional>
#include <string>

#include "config/values.h"
#include "core/clock.h"

namespace rm::decide {

struct LocalTime {
    std::string day;  // `2026-03-29`
    config::TimeOfDay time;
};

std::optional<LocalTime> local_time(const std::string& zone, WallTime at);

/// `2026-03-29`
std::string local_day(const std::string& zone, WallTime at);

/// For people: `14:30`, or `2026-03-30 00:00` where it is on another day than `now`.
std::string print_when(const std::string& zone, WallTime when, WallTime now);

/// When the calendar next shows `at`: today, or else tomorrow.
WallTime next_time(const std::string& zone, config::TimeOfDay at, WallTime now);

/// `12m`, `45s`, `2h5m`: rounded up to what a person wants to know.
std::string print_short(Duration duration);

/// From `from` to `to` in milliseconds; negative if `to` is earlier.
Duration elapsed(WallTime from, WallTime to);

}  // namespace rm::decide
