// SPDX-License-Identifier: Apache-2.0
// Metrics: the registry behind /metrics. Each part registers its own families in `registry()` when it is
// built and keeps references to its series; `expose` renders them all. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <prometheus/collectable.h>
#include <prometheus/registry.h>

namespace rm::telemetry {

class Metrics {
public:
    /// With build info and the process's own figures already in it.
    Metrics();

    [[nodiscard]] prometheus::Registry& registry() { return *registry_; }

    /// Shows what `part` collects, too; for series that come and go.
    void add(std::shared_ptr<const prometheus::Collectable> part);

    /// The exposition text, format version 0.0.4.
    [[nodiscard]] std::string expose() const;

private:
    std::shared_ptr<prometheus::Registry> registry_;
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<const prometheus::Collectable>> parts_;
};

}  // namespace rm::telemetry
