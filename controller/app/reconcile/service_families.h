// SPDX-License-Identifier: Apache-2.0
// The series of services at /metrics, made anew from the last check at each scrape.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <prometheus/metric_family.h>

#include "decide/check.h"

namespace rm::app {

using ExtraLabels = std::vector<std::pair<std::string, std::string>>;

/// A family of counters with a label `service`.
struct Counter {
    Counter(std::string name, std::string help);
    void add(const std::string& service, const ExtraLabels& extra, std::int64_t value);

    prometheus::MetricFamily family;
};

/// A family of gauges with a label `service`.
struct ServiceGauge {
    ServiceGauge(std::string name, std::string help);
    void add(const std::string& service, const ExtraLabels& extra, double value);

    prometheus::MetricFamily family;
};

/// Usage, limits, streaks and classes as gauges.
std::vector<prometheus::MetricFamily> service_families(const decide::Check& check);

}  // namespace rm::app
