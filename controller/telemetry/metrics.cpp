// SPDX-License-Identifier: Apache-2.0
#include "telemetry/metrics.h"

#include <iterator>
#include <utility>

#include <prometheus/gauge.h>
#include <prometheus/text_serializer.h>

#include "telemetry/process_metrics.h"

namespace rm::telemetry {

Metrics::Metrics() : registry_(std::make_shared<prometheus::Registry>()) {
    add(std::make_shared<ProcessMetrics>());
    prometheus::BuildGauge()
        .Name("resource_manager_build_info")
        .Help("What is running; always 1.")
        .Register(*registry_)
        .Add({{"version", RM_VERSION}, {"compiler", RM_COMPILER}})
        .Set(1);
}

void Metrics::add(std::shared_ptr<const prometheus::Collectable> part) {
    const std::scoped_lock lock(mutex_);
    parts_.push_back(std::move(part));
}

std::string Metrics::expose() const {
    auto families = registry_->Collect();
    const std::scoped_lock lock(mutex_);
    for (const auto& part : parts_) {
        auto more = part->Collect();
        families.insert(families.end(), std::make_move_iterator(more.begin()),
                        std::make_move_iterator(more.end()));
    }
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace rm::telemetry
