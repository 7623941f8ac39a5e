// SPDX-License-Identifier: Apache-2.0
// World: the engine and the metrics source that the configuration names, and whatever they need to live: a
// sampler for the engine's statistics, a faster clock for a simulation.
#pragma once

#include <memory>
#include <string>

#include "config/config.h"
#include "core/clock.h"
#include "core/result.h"
#include "docker/engine.h"
#include "observe/metrics_source.h"
#include "observe/sampler.h"
#include "observe/samples.h"

namespace rm::app {

class World {
public:
    /// Starts sampling where that is wanted. `clock` must outlive it; `speed` is how fast a simulation runs.
    static Result<std::unique_ptr<World>> make(const config::Config& config, Clock& clock, double speed);

    [[nodiscard]] docker::Engine& engine() { return *engine_; }
    [[nodiscard]] observe::MetricsSource& source() { return *source_; }
    /// The time that containers live in.
    [[nodiscard]] Clock& clock() { return *clock_; }
    /// The statistics of containers as cAdvisor would export them; empty where nothing is sampled.
    [[nodiscard]] std::string container_metrics() const;

private:
    explicit World(Clock& clock) : clock_(&clock) {}
    Status furnish(const config::Config& config, double speed);

    Clock* clock_;
    std::unique_ptr<Clock> own_clock_;
    std::unique_ptr<docker::Engine> engine_;
    std::unique_ptr<observe::Samples> samples_;
    std::unique_ptr<observe::Sampler> sampler_;
    std::unique_ptr<observe::MetricsSource> source_;
};

}  // namespace rm::app
