// SPDX-License-Identifier: Apache-2.0
#include "app/reload.h"

#include "app/log_options.h"
#include "telemetry/log.h"

namespace rm::app {
namespace {

prometheus::Counter& counter(telemetry::Metrics& metrics, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(metrics.registry()).Add({});
}

prometheus::Gauge& gauge(telemetry::Metrics& metrics, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(metrics.registry()).Add({});
}

double seconds(WallTime time) {
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

}  // namespace

Reload::Reload(config::LiveConfig& live, const Clock& clock, serve::HealthBoard& health,
               telemetry::Metrics& metrics, const ServiceNotify& notify)
    : live_(live),
      clock_(clock),
      health_(health),
      notify_(notify),
      reloads_(
          counter(metrics, "resource_manager_config_reloads_total", "Attempts to reload the configuration.")),
      failed_(counter(metrics, "resource_manager_config_reloads_failed_total",
                      "Reloads that were refused; the configuration before stayed in use.")),
      last_successful_(gauge(metrics, "resource_manager_config_last_reload_successful",
                             "Whether the configuration in use is the one in the file.")),
      last_success_time_(gauge(metrics, "resource_manager_config_last_reload_success_timestamp_seconds",
                               "When the configuration in use was loaded, in seconds since the epoch.")) {
    last_successful_.Set(1);
    last_success_time_.Set(seconds(clock.now().wall));
    health_.report("config", serve::PartState::ok);
}

tl::expected<std::vector<config::Change>, config::Problems> Reload::now(std::string_view cause) {
    const std::scoped_lock lock(one_at_a_time_);
    notify_.reloading();
    reloads_.Increment();
    auto result = live_.reload();
    if (result)
        accept(*result, cause);
    else
        refuse(result.error(), cause);
    notify_.ready(result ? "configuration reloaded"
                         : "the new configuration was refused, the old one is in use");
    return result;
}

void Reload::accept(const std::vector<config::Change>& changes, std::string_view cause) {
    last_successful_.Set(1);
    last_success_time_.Set(seconds(clock_.now().wall));
    for (const config::Change& change : changes) log::info("config", "changed", {{"key", print(change)}});
    log::info("config", "reloaded", {{"cause", cause}, {"changes", changes.size()}});
    if (const auto status = log::start(log_options((*live_.current())->logging)); !status)
        log::error("config", "the log stays as it was", {{"error", status.error().message}});
    health_.report("config", serve::PartState::ok);
}

void Reload::refuse(const config::Problems& problems, std::string_view cause) {
    failed_.Increment();
    last_successful_.Set(0);
    for (const config::Problem& problem : problems)
        log::error("config", "problem", {{"what", print(problem)}});
    log::error("config", "reload refused, the configuration before stays in use",
               {{"cause", cause}, {"problems", problems.size()}});
    health_.report(
        "config", serve::PartState::degraded,
        fmt::format("the configuration on disk has {} problems; the one before is in use", problems.size()));
}

}  // namespace rm::app
