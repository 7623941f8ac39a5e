// SPDX-License-Identifier: Apache-2.0
#include "app/daemon.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <malloc.h>
#include <unistd.h>

#include "app/configuration.h"
#include "app/descriptors.h"
#include "app/host_name.h"
#include "app/http_options.h"
#include "app/keep_going.h"
#include "app/log_options.h"
#include "app/preflight_look.h"
#include "app/settle.h"
#include "app/shutdown.h"
#include "config/file_watch.h"
#include "core/text.h"
#include "serve/management.h"
#include "serve/service_routes.h"
#include "store/runs.h"
#include "telemetry/log.h"

namespace rm::app {
namespace {

constexpr Duration shutdown_deadline = std::chrono::seconds(10);
constexpr Duration reconcile_again = std::chrono::seconds(5);  // after a fault of ours
constexpr Duration look_at_log_every = std::chrono::seconds(5);
constexpr Duration http_grace = std::chrono::seconds(5);  // for requests under way
constexpr Duration watch_again = std::chrono::seconds(1);

void tell_drift(const decide::Assessment& service) {
    const auto& drift = service.verdict.next.drift;
    if (!service.verdict.drift_seen || !drift) return;
    log::warning("reconcile",
                 drift->accepted ? "somebody else changed the limits, which hold from now on"
                                 : "somebody else changed the limits, ours are to be set again",
                 {{"service", service.shown_as},
                  {"found", print(drift->found)},
                  {"ours", print(drift->ours)},
                  {"deployment", drift->deployment}});
}

}  // namespace

Daemon::Daemon(RunDaemon command, config::Sources sources, config::FileState file_as_read,
               config::Config config, const Environment& environment, Signals& signals)
    : command_(std::move(command)),
      sources_(sources),
      signals_(signals),
      notify_(environment),
      live_(std::move(sources), std::move(config), file_as_read),
      decision_log_(metrics_.registry(), clock_),
      reload_(live_, decision_log_, clock_, health_, metrics_, notify_) {}

Status Daemon::start() {
    const SteadyTime begin = clock_.now().steady;
    health_.report("daemon", serve::PartState::starting);
    for (Part part : {log_part(), pid_file_part(), store_part(), deployments_part(), reconcile_part(),
                      http_part(), config_watch_part(), peers_part()}) {
        if (signals_.stop_asked()) return {};
        if (auto status = lifecycle_.start(std::move(part)); !status) return status;
    }

    if (signals_.stop_asked()) return {};
    const auto took = std::chrono::duration_cast<Duration>(clock_.now().steady - begin);
    log::info("app", "ready",
              {{"took", print(took)},
               {"dry_run", (*live_.current())->monitoring.dry_run},
               {"version", RM_VERSION}});
    health_.report("daemon", serve::PartState::ok);
    notify_.ready(fmt::format("serving HTTP on port {}", server_->port()));
    return {};
}

void Daemon::take_signals() {
    const Duration nap = std::min(notify_.watchdog_interval().value_or(look_at_log_every), look_at_log_every);
    for (;;) {
        const auto signal = signals_.wait(nap);
        if (signal == Signal::stop) return;
        if (signal == Signal::reload)
            keep_going("reload", [this] { (void)reload_.now("SIGHUP"); });  // it tells the outcome itself
        notify_.watchdog();
        report_log();
    }
}

void Daemon::report_log() {
    std::string trouble = log::trouble();
    if (trouble.empty()) trouble = decision_log_.trouble();
    health_.report("log", trouble.empty() ? serve::PartState::ok : serve::PartState::degraded, trouble);
}

void Daemon::stop() {
    health_.report("daemon", serve::PartState::stopping);
    log::info("app", "stopping");
    notify_.stopping();
    if (store_) store_->cancel();  // so that no part waits for it
    stop_within(lifecycle_, shutdown_deadline);
    log::info("app", "stopped");
}

Part Daemon::log_part() {
    return {.name = "log",
            .start = [this]() -> Result<std::string> {
                const auto config = live_.current();
                const config::Logging& logging = (*config)->logging;
                if (auto status = log::start(log_options(logging)); !status) return fail(status.error());
                if (auto status = decision_log_.open(logging); !status) return fail(status.error());
                report_log();
                std::string where = "stderr";
                if (!logging.file.empty()) where += " and " + logging.file.string();
                if (!logging.decisions_file.empty())
                    where += "; decisions go to " + logging.decisions_file.string();
                return where;
            },
            .stop = {}};
}

Part Daemon::pid_file_part() {
    return {.name = "process",
            .start = [this]() -> Result<std::string> {
                if (!command_.pid_file) return fmt::format("pid {}", getpid());
                auto file = PidFile::create(*command_.pid_file);
                if (!file) return fail(file.error());
                pid_file_ = *std::move(file);
                return fmt::format("pid {} in {}", getpid(), *command_.pid_file);
            },
            .stop = [this] { pid_file_.reset(); }};
}

Part Daemon::store_part() {
    return {.name = "store", .start = [this] { return open_store(); }, .stop = [this] { close_store(); }};
}

Part Daemon::http_part() {
    return {.name = "http",
            .start = [this] { return start_http(); },
            .stop = [this] { server_->stop(http_grace); }};
}

Part Daemon::reconcile_part() {
    return {.name = "reconcile",
            .start = [this] { return start_reconciling(); },
            .stop =
                [this] {
                    reconcile_.request_stop();
                    if (reconcile_.joinable()) reconcile_.join();
                }};
}

Result<std::string> Daemon::start_reconciling() {
    const auto config = live_.current();
    check_metrics_ = std::make_shared<CheckMetrics>(metrics_.registry());
    metrics_.add(check_metrics_);
    reconciler_ = std::make_unique<Reconciler>(
        Surroundings{.live = live_,
                     .engine = world_->engine(),
                     .source = world_->source(),
                     .store = *store_,
                     .clock = world_->clock(),
                     .deployer = deployer_.get()},
        [this](const CheckPtr& check) { on_check(check); },
        [this](const auto& made) { decision_log_.write(made); });
    reconcile_ = std::jthread([this](const std::stop_token& stop) {
        while (!keep_going("reconcile", [&] { reconciler_->run(stop); }) &&
               clock_.sleep_for(reconcile_again, stop)) {
        }
    });
    return fmt::format("every {} from {}", print((*config)->monitoring.check_interval),
                       world_->source().describe());
}

void Daemon::on_check(const CheckPtr& check) {
    check_metrics_->checked(check);
    deployment_metrics_->checked(check);
    override_->checked(check);
    health_.report("reconcile", check->problem.empty() ? serve::PartState::ok : serve::PartState::degraded,
                   check->problem);
    if (!check->problem.empty()) return;
    for (const decide::Assessment& service : check->services) {
        tell_drift(service);
        if (!service.verdict.proposal) continue;
        log::info("reconcile", check->dry_run ? "would adjust" : "adjusts",
                  {{"service", service.shown_as},
                   {"from", print(service.verdict.proposal->from)},
                   {"to", print(service.verdict.proposal->to)},
                   {"reason", service.verdict.proposal->reason}});
    }
    ::malloc_trim(0);  // until the next check nobody needs what this one worked with
}

/// What the services use and what is decided about them, and the containers' statistics if exported.
serve::Routes Daemon::service_routes() {
    serve::Routes routes = serve::service_routes(
        {.latest = [this] { return reconciler_->latest(); },
         .look = [this](const std::stop_token& stop) { return reconciler_->look(stop); },
         .first_due = {},
         .store = *store_,
         .clock = world_->clock(),
         .look_ahead =
             [this](const auto& asked, const auto& stop) {
                 return look_ahead(world_->engine(), *live_.current(),
                                   {.now = world_->clock().now().wall,
                                    .memory_used = memory_used_of(reconciler_->latest().get()),
                                    .permissions = deployer_->permissions().value_or(docker::Permissions{})},
                                   asked, stop);
             },
         .deploy = [this](const auto& wanted, const auto& stop) { return deploy_by_hand(wanted, stop); }});
    if (!(*live_.current())->monitoring.export_containers) return routes;
    serve::Route metrics;
    metrics.methods = {"GET"};
    metrics.pattern = "/metrics/containers";
    metrics.description =
        "The containers' statistics, with the names and labels of cAdvisor, for Prometheus.";
    metrics.handler = [this](const serve::Request&) {
        serve::Response response;
        response.content_type = "text/plain; version=0.0.4; charset=utf-8";
        response.body = world_->container_metrics();
        response.compressible = true;
        return response;
    };
    routes.push_back(std::move(metrics));
    return routes;
}

Part Daemon::config_watch_part() {
    return {.name = "configuration",
            .start = [this]() -> Result<std::string> {
                if (!sources_.file) return std::string("no file; defaults, environment and --set");
                config_watch_ = std::jthread([this](const std::stop_token& stop) { watch_config(stop); });
                return fmt::format("{}, watched for changes", sources_.file->string());
            },
            .stop =
                [this] {
                    config_watch_.request_stop();
                    if (config_watch_.joinable()) config_watch_.join();
                }};
}

Part Daemon::peers_part() {
    return {.name = "peers",
            .start = [this]() -> Result<std::string> {
                peers_ = std::make_unique<Peers>(live_, *store_, clock_, health_);
                return std::string("asked in the background");
            },
            .stop = [this] { peers_.reset(); }};
}

Result<std::string> Daemon::open_store() {
    const auto config = live_.current();
    const config::Store& settings = (*config)->store;
    auto opened = store::Database::open(
        {.url = settings.url.with_password(), .password = settings.password.value}, clock_);
    if (!opened) return fail(opened.error());
    store_ = *std::move(opened);

    // PostgreSQL may be away; then the runs have a gap, and the daemon works on.
    const std::string host = host_name();
    const auto before = store::last_run(*store_, host);
    if (!before)
        log::warning("app", "whether the run before ended cleanly is unknown",
                     {{"error", before.error().message}});
    else if (*before && !ended_cleanly(**before))
        log::warning("app", "the run before did not end cleanly",
                     {{"instance", (*before)->instance}, {"version", (*before)->version}});
    const store::Starting us = {
        .host = host, .instance = fmt::format("{}:{}", host, getpid()), .version = RM_VERSION};
    if (const auto run = store::record_start(*store_, us, clock_.now().wall))
        run_ = *run;
    else
        log::warning("app", "this start was not recorded", {{"error", run.error().message}});
    return print(store_->health());
}

void Daemon::close_store() {
    if (run_)
        if (const auto status = store::record_stop(*store_, *run_, clock_.now().wall); !status)
            log::warning("app", "this stop was not recorded", {{"error", status.error().message}});
    store_.reset();
}

Result<std::string> Daemon::start_http() {
    const serve::Management management{
        .health = health_,
        .metrics = metrics_,
        .version = RM_VERSION,
        .reload = [this] { return reload_for_http(); },
        .reload_is_on = [this] { return (*live_.current())->http.reload_endpoint; }};
    const auto config = live_.current();
    serve::Options options = http_options((*config)->http);
    const auto wanted = static_cast<std::uint64_t>((*config)->http.max_connections);
    options.connections = connections_within_limit(wanted);
    if (options.connections < wanted)
        log::warning("app", "fewer connections than http.max_connections: the limit of open files is too low",
                     {{"connections", options.connections},
                      {"max_connections", wanted},
                      {"open_files", allow_descriptors(0)}});
    options.access = [this] {
        const auto now = live_.current();
        return std::make_shared<const serve::Access>(access_rules((*now)->http));
    };
    const std::string address = options.address;
    auto server = serve::Server::start(std::move(options),
                                       serve::management_routes(management, service_routes()), metrics_);
    if (!server) return fail(server.error());
    server_ = *std::move(server);
    health_.report("http", serve::PartState::ok);
    return fmt::format("http://{}", print(config::ListenAddress{.host = address, .port = server_->port()}));
}

serve::Reloaded Daemon::reload_for_http() {
    const auto result = reload_.now("POST /-/reload");
    std::vector<std::string> changes;
    std::vector<serve::Complaint> complaints;
    if (!result) {
        for (const config::Problem& problem : result.error())
            complaints.push_back({.detail = print(problem), .where = problem.path});
        return tl::unexpected(complaints);
    }
    for (const config::Change& change : *result) changes.push_back(print(change));
    return changes;
}

void Daemon::watch_config(const std::stop_token& stop) {
    // What a reload leads to, it tells itself.
    const auto reload = [this] { keep_going("reload", [this] { (void)reload_.now("the file changed"); }); };
    const auto watch = [&] {
        if (const auto status = config::watch_file(*sources_.file, live_.last_read(), reload, stop); !status)
            log::warning("config", "changes of the file are not noticed, send SIGHUP instead",
                         {{"error", status.error().message}});
    };
    while (!keep_going("configuration", watch) && clock_.sleep_for(watch_again, stop)) {
    }
}

namespace {

ExitCode run_until_stopped(const RunDaemon& command, const Environment& environment) {
    Signals signals(cut_short);
    config::Sources sources = sources_for(command.config, environment);
    const config::FileState file_as_read =
        sources.file ? config::state_of(*sources.file) : config::FileState{};
    auto config = load_or_complain(sources);
    if (!config) return ExitCode::usage;
    const auto settled = settle(command, *config, sources);
    if (!settled) {
        log::error("app", "cannot start", {{"error", settled.error().message}});
        return ExitCode::cannot_start;
    }
    if (settled->changed) config = load_or_complain(sources);
    if (!config) return ExitCode::usage;

    RunDaemon settled_command = command;
    settled_command.speed = settled->speed;
    Daemon daemon(std::move(settled_command), std::move(sources), file_as_read, *std::move(config),
                  environment, signals);
    const auto started = daemon.start();
    if (started) daemon.take_signals();
    daemon.stop();
    return started ? ExitCode::ok : ExitCode::cannot_start;
}

}  // namespace

ExitCode run(const RunDaemon& command, const Environment& environment) {
    try {
        return run_until_stopped(command, environment);
    } catch (const std::exception& error) {  // not even a thread or memory for the beginning
        log::error("app", "cannot start", {{"error", error.what()}});
        return ExitCode::cannot_start;
    }
}

}  // namespace rm::app
