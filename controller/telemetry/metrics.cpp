// SPDX-License-Identifier: Apache-2.0
#include "telemetry/metrics.h"

#include <iterator>

#include <prometheus/gauge.h>
#include <prometheus/text_serializer.h>

#include "telemetry/process_metrics.h"

namespace rm::telemetry {

Metrics::Metrics()
    : registry_(std::make_shared<prometheus::Registry>()), process_(std::make_shared<ProcessMetrics>()) {
    prometheus::BuildGauge()
        .Name("resource_manager_build_info")
        .Help("What is running; always 1.")
        .Register(*registry_)
        .Add({{"version", RM_VERSION}, {"compiler", RM_COMPILER}})
        .Set(1);
}

std::string Metrics::expose() const {
    auto families = registry_->Collect();
    auto process = process_->Collect();
    families.insert(families.end(), std::make_move_iterator(process.begin()),
                    std::make_move_iterator(process.end()));
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace rm::telemetry
