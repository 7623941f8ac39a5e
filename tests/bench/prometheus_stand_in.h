// SPDX-License-Identifier: Apache-2.0
// A stand-in for Prometheus, for benchmarks: a real HTTP server that answers each of our queries with a
// sample for every container, as long and as many digits as the real one writes of systemd's control groups.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/cores.h"
#include "core/names.h"
#include "observe/metrics_source.h"
#include "observe/queries.h"
#include "tests/lab/http_double.h"

namespace rm::bench {

/// What every container uses.
struct SteadyUse {
    Cores cpu;
    Bytes memory;
};

class PrometheusStandIn {
public:
    explicit PrometheusStandIn(const observe::Windows& windows);

    /// From now on answers about these, as of `now`.
    void answer(const std::vector<observe::Target>& containers, const SteadyUse& use, WallTime now);

    /// A source that asks it. `clock` must outlive it.
    [[nodiscard]] std::unique_ptr<observe::MetricsSource> source(const Clock& clock) const;

    /// What it answers to the query of `signal`.
    [[nodiscard]] const std::string& reply(observe::Signal signal) const;

private:
    observe::Windows windows_;
    std::unique_ptr<lab::HttpDouble> peer_;
    std::map<observe::Signal, std::string> replies_;
};

}  // namespace rm::bench
