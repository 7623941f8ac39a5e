// SPDX-License-Identifier: Apache-2.0
// What deployments show at /metrics: counted by what really happened, from the start of the program. A
// service's series live as long as the service is found. Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <prometheus/collectable.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "core/names.h"
#include "decide/check.h"
#include "deploy/deployment.h"
#include "deploy/roster.h"

namespace rm::app {

class DeploymentMetrics final : public prometheus::Collectable {
public:
    /// `registry` must outlive this; it gets the series that are not about one service.
    explicit DeploymentMetrics(prometheus::Registry& registry);

    /// Which services there are, and how they are called.
    void checked(const std::shared_ptr<const decide::Check>& check);
    void left_phase(deploy::Phase phase, Duration took);
    void ended(const deploy::Deployment& deployment, Duration took);
    /// What is under way is asked for at each scrape; empty: no longer.
    void follow(std::function<std::vector<deploy::UnderWay>()> under_way);

    [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override;

private:
    /// Of one service, since the start.
    struct Adjustments {
        std::int64_t total = 0;
        std::int64_t succeeded = 0;
        std::int64_t blue_green = 0;
        std::int64_t rolled_back = 0;
    };
    /// Of the strategy blue_green, by how they ended.
    struct BlueGreen {
        std::map<std::string, std::int64_t> ended{};
        std::map<std::string, Duration> took{};  // the last one
        WallTime last;
        Limits limits;  // since then
    };

    [[nodiscard]] prometheus::MetricFamily in_progress() const;
    void add_adjustments(std::vector<prometheus::MetricFamily>& families) const;
    void add_blue_green(std::vector<prometheus::MetricFamily>& families) const;

    std::map<deploy::Phase, prometheus::Histogram*> phases_;

    mutable std::mutex mutex_;
    std::function<std::vector<deploy::UnderWay>()> under_way_;
    std::map<ServiceName, std::string> names_;  // as they are shown, of the services found
    std::map<ServiceName, Adjustments> adjustments_;
    std::map<ServiceName, BlueGreen> blue_green_;
};

}  // namespace rm::app
