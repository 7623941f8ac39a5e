// SPDX-License-Identifier: Apache-2.0
// What the checks show at /metrics. A service's series live as long as the service is found; there are at
// most twenty of each. Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "decide/check.h"

namespace rm::app {

class CheckMetrics final : public prometheus::Collectable {
public:
    /// `registry` must outlive this; it gets the series that are not about one service.
    explicit CheckMetrics(prometheus::Registry& registry);

    /// A check that was counted, or that failed.
    void checked(std::shared_ptr<const decide::Check> check);

    [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override;

private:
    /// What only grows, of one service.
    struct Counters {
        std::int64_t proposals = 0;
        std::int64_t oom_kills = 0;
        std::int64_t drifts = 0;
        std::map<Gap, std::int64_t> gaps{};
    };

    void count(const decide::Check& check);
    void count(const decide::Assessment& service);

    prometheus::Counter& checks_;
    prometheus::Counter& failed_;
    prometheus::Counter& missed_;
    prometheus::Counter& requests_;
    prometheus::Histogram& duration_;
    prometheus::Gauge& last_;
    prometheus::Family<prometheus::Counter>& faults_;
    std::map<decide::Gate, prometheus::Counter*> holds_;

    mutable std::mutex mutex_;
    std::shared_ptr<const decide::Check> latest_;
    std::map<std::string, Counters> counters_;  // by the service's shown name
};

}  // namespace rm::app
