// SPDX-License-Identifier: Apache-2.0
// Runs: when the daemon was started and stopped. A run without an end that is followed by another on the same
// host was killed, or the machine went down. Hosts may share a database. The last thousand are kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"
#include "store/database.h"

namespace rm::store {

struct Run {
    std::int64_t id;
    std::string host;
    std::string instance;
    std::string version;
    WallTime started_at;
    std::optional<WallTime> stopped_at;

    friend bool operator==(const Run&, const Run&) = default;
};

inline bool ended_cleanly(const Run& run) {
    return run.stopped_at.has_value();
}

/// Who begins to run.
struct Starting {
    std::string host;
    std::string instance;  // which process on it
    std::string version;
};

/// The id of the new run, for `record_stop`.
Result<std::int64_t> record_start(Database& database, const Starting& who, WallTime now);

/// Also possible when the database was cancelled; given up after half a second.
Status record_stop(Database& database, std::int64_t run, WallTime now);

/// The latest run on `host`; asked before `record_start` it is the previous one. Nothing on the very first
/// start.
Result<std::optional<Run>> last_run(Database& database, std::string_view host);

}  // namespace rm::store
