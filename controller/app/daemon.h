// SPDX-License-Identifier: Apache-2.0
// The daemon: owns every part and every thread, starts them in order and stops them in reverse. The main
// thread builds it and then only takes signals.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <thread>

#include "app/deployment_metrics.h"
#include "app/execute.h"
#include "app/lifecycle.h"
#include "app/override_keeper.h"
#include "app/peers.h"
#include "app/pid_file.h"
#include "app/reconcile/check_metrics.h"
#include "app/reconcile/decision_log.h"
#include "app/reconcile/reconciler.h"
#include "app/reload.h"
#include "app/service_notify.h"
#include "app/signals.h"
#include "app/world.h"
#include "config/file_watch.h"
#include "config/live_config.h"
#include "core/clock.h"
#include "deploy/deployer.h"
#include "serve/health.h"
#include "serve/management.h"
#include "serve/server.h"
#include "serve/wanted.h"
#include "store/database.h"
#include "telemetry/metrics.h"

namespace rm::app {

class Daemon {
public:
    /// `file_as_read` is the state of the configuration file from before it was loaded. `signals` must
    /// outlive the daemon.
    Daemon(RunDaemon command, config::Sources sources, config::FileState file_as_read, config::Config config,
           const Environment& environment, Signals& signals);

    /// Starts all parts; an error names the one that did not start. Ends early when a signal asks to stop.
    Status start();

    /// Returns when a signal asks to stop.
    void take_signals();

    /// Ends what was started, within a deadline; see app/shutdown.h.
    void stop();

private:
    Part log_part();
    Part pid_file_part();
    Part store_part();
    Part http_part();
    Part config_watch_part();
    Part peers_part();
    Part deployments_part();
    Part reconcile_part();

    Result<std::string> open_store();
    void close_store();
    Result<std::string> start_http();
    Result<std::string> start_deploying();
    deploy::Ears deployment_ears();
    void on_standing(const deploy::Standing& standing);
    void on_permissions(const docker::Permissions& allowed);
    Result<std::int64_t> deploy_by_hand(const serve::Wanted& wanted, const std::stop_token& stop);
    void on_deployment_end(const deploy::Deployment& deployment, Duration took);
    Result<std::string> start_reconciling();
    void on_check(const CheckPtr& check);
    serve::Routes service_routes();
    void watch_config(const std::stop_token& stop);
    serve::Reloaded reload_for_http();
    void report_log();

    const RunDaemon command_;
    const config::Sources sources_;
    Signals& signals_;
    SystemClock clock_;
    telemetry::Metrics metrics_;
    serve::HealthBoard health_{clock_};
    ServiceNotify notify_;
    config::LiveConfig live_;
    DecisionLog decision_log_;
    Reload reload_;

    std::optional<PidFile> pid_file_;
    std::unique_ptr<store::Database> store_;
    std::optional<std::int64_t> run_;
    std::unique_ptr<serve::Server> server_;
    std::jthread config_watch_;
    std::unique_ptr<Peers> peers_;
    std::shared_ptr<CheckMetrics> check_metrics_;
    std::shared_ptr<DeploymentMetrics> deployment_metrics_;
    std::unique_ptr<World> world_;
    std::unique_ptr<OverrideKeeper> override_;
    std::unique_ptr<deploy::Deployer> deployer_;
    std::unique_ptr<Reconciler> reconciler_;
    std::jthread reconcile_;
    Lifecycle lifecycle_;  // last, so that it ends first
};

}  // namespace rm::app
