// SPDX-License-Identifier: Apache-2.0
#include "app/reload.h"

#include <string>
#include <utility>

#include <fmt/format.h>

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

/// What of the configuration on disk is not in use yet; empty if all is.
std::string restart_pending(const config::LiveConfig& live) {
    std::vector<std::string> keys;
    for (config::Change& change : live.pending()) keys.push_back(std::move(change.path));
    return keys.empty() ? std::string() : fmt::format("restart pending: {}", fmt::join(keys, ", "));
}

double seconds(WallTime time) {
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

}  // namespace

Reload::Reload(config::LiveConfig& live, DecisionLog& decisions, const Clock& clock,
               serve::HealthBoard& health, telemetry::Metrics& metrics, const ServiceNotify& notify)
    : live_(live),
      decisions_(decisions),
      clock_(clock),
      health_(health),
      notify_(notify),
      log_in_use_(log_options((*live.current())->logging)),
      reloads_(
          counter(metrics, "resource_manager_config_reloads_total", "Attempts to reload the configuration.")),
      failed_(counter(metrics, "resource_manager_config_reloads_failed_total",
                      "Reloads that were refused; the configuration before stayed in use.")),
      last_successful_(gauge(metrics, "resource_manager_config_last_reload_successful",
                             "Whether all of the configuration in the file is in use.")),
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
    if (!result) {
        refuse(result.error(), cause);
        notify_.ready("the new configuration was refused, the old one is in use");
    } else if (const auto status = accept(*result, cause); !status) {
        notify_.ready("configuration reloaded, but " + status.error().message);
    } else {
        notify_.ready("configuration reloaded");
    }
    return result;
}

Status Reload::accept(const std::vector<config::Change>& changes, std::string_view cause) {
    const auto tell = [&] {
        for (const config::Change& change : changes) log::info("config", "changed", {{"key", print(change)}});
    };
    // A change of the level is told under the one of both that lets it through.
    const bool told = log::enabled(log::Level::info);
    if (told) tell();
    auto status = follow_logs();
    if (!told) tell();
    if (status) {
        last_successful_.Set(1);
        last_success_time_.Set(seconds(clock_.now().wall));
        health_.report("config", serve::PartState::ok, restart_pending(live_));
        log::info("config", "reloaded", {{"cause", cause}, {"changes", changes.size()}});
    } else {
        last_successful_.Set(0);
        health_.report("config", serve::PartState::degraded,
                       "the log stays as it was: " + status.error().message);
        log::error("config", "reloaded, but the log stays as it was",
                   {{"cause", cause}, {"changes", changes.size()}, {"error", status.error().message}});
    }
    return status;
}

/// Neither keeps the other from being followed.
Status Reload::follow_logs() {
    const auto config = live_.current();
    auto events = follow_log((*config)->logging);
    auto decisions = decisions_.open((*config)->logging);
    return events ? decisions : events;
}

/// Opens the log anew if it is to be another one than it is.
Status Reload::follow_log(const config::Logging& logging) {
    log::Options wanted = log_options(logging);
    if (wanted == log_in_use_) return {};
    if (const auto status = log::start(wanted); !status) return fail(status.error());
    log_in_use_ = std::move(wanted);
    return {};
}

void Reload::refuse(const config::Problems& problems, std::string_view cause) {
    failed_.Increment();
    last_successful_.Set(0);
    health_.report(
        "config", serve::PartState::degraded,
        fmt::format("the configuration on disk has {} problems; the one before is in use", problems.size()));
    for (const config::Problem& problem : problems)
        log::error("config", "problem", {{"what", print(problem)}});
    log::error("config", "reload refused, the configuration before stays in use",
               {{"cause", cause}, {"problems", problems.size()}});
    health_.report("config", serve::PartState::degraded,
                   fmt::format("the configuration on disk has {} problem{}; the one before is in use",
                               problems.size(), problems.size() == 1 ? "" : "s"));
}

}  // namespace rm::app
