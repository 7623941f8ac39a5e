// SPDX-License-Identifier: Apache-2.0
#include "observe/docker_source.h"

namespace rm::observe {

Observation DockerSource::observe(std::span<const Target> targets, const Windows& windows, WallTime now,
                                  const std::stop_token&) {
    // A new configuration shows itself here first.
    samples_.reach_back({.window = windows.window, .trend = windows.trend});
    return samples_.observe(targets, windows, now);
}

SamplesOptions samples_options(const config::Monitoring& monitoring) {
    constexpr std::size_t of_an_engine = 16;
    const bool simulated = monitoring.source == config::MetricsSource::simulation;
    return {.reach = {.window = monitoring.window, .trend = monitoring.trend_window},
            .interval = monitoring.sample_interval,
            .memory = monitoring.memory_metric,
            .inspect = monitoring.export_containers,
            .at_once = simulated ? 1 : of_an_engine};
}

}  // namespace rm::observe
