// SPDX-License-Identifier: Apache-2.0
// What is remembered of a service from one check to the next. It goes into decide() and comes out of it
// changed, and must be stored before anything is done: then a restart between two checks changes nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/limits.h"
#include "core/result.h"

namespace rm::decide {

/// How many checks in a row saw a resource above its high threshold (positive) or below its low one
/// (negative).
struct Streaks {
    std::int64_t cpu = 0;
    std::int64_t memory = 0;

    friend bool operator==(const Streaks&, const Streaks&) = default;
};

/// Something counted per calendar day of the configured time zone.
struct DayCount {
    std::string day{};  // `2026-03-29`
    std::int64_t count = 0;

    friend bool operator==(const DayCount&, const DayCount&) = default;
};

/// Limits that an adjustment would have brought about, where nothing may be changed: the checks that follow
/// go on as if they were in force, until the real ones are no longer those it started from. Whoever starts to
/// change limits in earnest drops it.
struct Assumed {
    Limits limits;
    Limits instead_of;

    friend bool operator==(const Assumed&, const Assumed&) = default;
};

/// An OOM kill that has not led to more memory yet: it waits until it did, or until an hour has passed.
struct PendingOom {
    WallTime since;
    bool repeated = false;  // there was another one in the 24 hours before

    friend bool operator==(const PendingOom&, const PendingOom&) = default;
};

/// Limits that somebody else set in the place of those that our last deployment set.
struct Drift {
    std::int64_t deployment = 0;  // that one
    WallTime since;               // when it was noticed
    Limits ours;
    Limits found;
    bool accepted = false;  // they hold from now on; else ours are wanted back

    friend bool operator==(const Drift&, const Drift&) = default;
};

struct ServiceState {
    Streaks streaks{};
    std::optional<WallTime> last_check{};
    std::optional<WallTime> last_adjustment{};
    DayCount adjustments{};
    DayCount oom_raises{};  // not among the adjustments
    std::optional<WallTime> last_oom{};
    std::optional<PendingOom> pending_oom{};
    std::map<std::string, std::int64_t> oom_kills{};  // as last seen, by the container's full id
    std::optional<Assumed> assumed{};
    std::optional<Drift> drift{};  // until the limits are ours again, or another deployment set new ones

    friend bool operator==(const ServiceState&, const ServiceState&) = default;
};

/// Without what dry-run assumed: the limits, and with them the adjustment that set them, its day's counts
/// and the streaks that were counted against them. As it is where nothing was assumed.
ServiceState without_assumptions(ServiceState state);

/// One line of JSON; what `parse_state` reads back as the same state. Times are nanoseconds since 1970.
std::string print(const ServiceState& state);

/// Reads a stored state. Members it does not know are passed over; one that is damaged, of another version or
/// holds what no check ever wrote is an error that says what is wrong.
Result<ServiceState> parse_state(std::string_view text);

}  // namespace rm::decide
