// SPDX-License-Identifier: Apache-2.0
// DockerSource: usage from the engine's own statistics, for hosts without Prometheus. It asks nobody: a
// sampler keeps the samples, and an observation reads them.
#pragma once

#include "observe/metrics_source.h"
#include "observe/samples.h"

namespace rm::observe {

class DockerSource final : public MetricsSource {
public:
    /// `samples` must outlive it.
    explicit DockerSource(Samples& samples) : samples_(samples) {}

    [[nodiscard]] std::string describe() const override { return "the engine's statistics"; }
    Observation observe(std::span<const Target> targets, const Windows& windows, WallTime now,
                        const std::stop_token& stop) override;

private:
    Samples& samples_;
};

/// How the configuration wants containers sampled.
SamplesOptions samples_options(const config::Monitoring& monitoring);

}  // namespace rm::observe
