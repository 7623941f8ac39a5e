// SPDX-License-Identifier: Apache-2.0
// Check: one round of the reconcile loop as an immutable value: what was seen and decided of every service.
// Everything that shows the state of affairs (the API, the command line, metrics, the decision log) reads it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "core/clock.h"
#include "core/usage.h"
#include "decide/decide.h"
#include "decide/verdict.h"
#include "decide/view.h"

namespace rm::decide {

/// A service with what decide() was told of it and what it said.
struct Assessment {
    std::string shown_as;  // `grafana`, or `monitoring/grafana` where several projects have one
    ServiceView service;
    config::PolicyPtr policy;
    Rules rules{};
    ServiceState state{};  // before this check
    WallTime at{};
    Verdict verdict;
};

/// What every gate said, also where the verdict tells only of those that hold: then it is decided once more.
std::vector<GateReport> every_gate(const Assessment& service);

struct Check {
    std::int64_t number = 0;  // counted from the start of the program
    bool counted = true;      // false: only looked, nothing was remembered
    WallTime at;
    Duration took{};
    bool dry_run = true;
    std::string source;   // `Prometheus http://prometheus:9090`
    std::string problem;  // why nothing could be seen at all; then `services` are those of before
    std::vector<Fault> faults;
    int requests = 0;                  // to the metrics source
    std::int64_t missed = 0;           // checks that were due while the one before lasted
    std::vector<Assessment> services;  // by name
    WallTime next;                     // when the next one is due
};

}  // namespace rm::decide
