// SPDX-License-Identifier: Apache-2.0
// The process's own figures under the names that every Prometheus user knows (process_cpu_seconds_total,
// ...), read from /proc at each scrape. What cannot be read is left out, never zero.
#pragma once

#include <vector>

#include <prometheus/collectable.h>

namespace rm::telemetry {

class ProcessMetrics final : public prometheus::Collectable {
public:
    [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override;
};

}  // namespace rm::telemetry
