// SPDX-License-Identifier: Apache-2.0
// MetricsSource: the port behind which usage is measured: by Prometheus, by the engine's own statistics, or
// in a simulation. A source never invents: what it does not know is a gap with its cause.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/names.h"
#include "core/usage.h"

namespace rm::observe {

/// A running container whose usage is wanted.
struct Target {
    ContainerId id;
    std::string name;  // without a slash in front
    WallTime started_at;
    bool cpu_limited = false;
};

struct Windows {
    Duration window{};          // for averages and peaks
    Duration trend{};           // for trends
    Duration check_interval{};  // samples older than two of these are stale
};

struct Observation {
    std::map<ContainerId, Usage> usage;  // of every target
    std::vector<Fault> faults;
    int requests = 0;  // what it cost
};

class MetricsSource {
public:
    MetricsSource() = default;
    MetricsSource(const MetricsSource&) = delete;
    MetricsSource& operator=(const MetricsSource&) = delete;
    MetricsSource(MetricsSource&&) = delete;
    MetricsSource& operator=(MetricsSource&&) = delete;
    virtual ~MetricsSource() = default;

    /// `Prometheus http://prometheus:9090`
    [[nodiscard]] virtual std::string describe() const = 0;

    /// Called by one thread at a time. Ends early when `stop` is requested; the observation is then worth
    /// nothing.
    virtual Observation observe(std::span<const Target> targets, const Windows& windows, WallTime now,
                                const std::stop_token& stop) = 0;
};

}  // namespace rm::observe
