// SPDX-License-Identifier: Apache-2.0
// Reloading the configuration while the daemon runs: on SIGHUP, when the file changed, or by POST /-/reload.
// The new one is checked in full and swapped in whole, or refused; either way log, metrics and /health say
// so. A log, be it of events or decisions, that cannot be opened as the new one says stays as it was, which
// they say too. Thread-safe.
#pragma once

#include <functional>
#include <mutex>
#include <string_view>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <tl/expected.hpp>

#include "app/reconcile/decision_log.h"
#include "app/service_notify.h"
#include "config/live_config.h"
#include "core/clock.h"
#include "core/result.h"
#include "serve/health.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace rm::app {

class Reload {
public:
    /// All of these must outlive it.
    Reload(config::LiveConfig& live, DecisionLog& decisions, const Clock& clock, serve::HealthBoard& health,
           telemetry::Metrics& metrics, const ServiceNotify& notify);

    /// `cause` is for the log: "SIGHUP". What changed, or why it was refused.
    tl::expected<std::vector<config::Change>, config::Problems> now(std::string_view cause);

private:
    Status accept(const std::vector<config::Change>& changes, std::string_view cause);
    Status follow_logs();
    Status follow_log(const config::Logging& logging);
    void refuse(const config::Problems& problems, std::string_view cause);

    config::LiveConfig& live_;
    DecisionLog& decisions_;
    const Clock& clock_;
    serve::HealthBoard& health_;
    const ServiceNotify& notify_;
    std::mutex one_at_a_time_;
    log::Options log_in_use_;
    prometheus::Counter& reloads_;
    prometheus::Counter& failed_;
    prometheus::Gauge& last_successful_;
    prometheus::Gauge& last_success_time_;
};

}  // namespace rm::app
