// SPDX-License-Identifier: Apache-2.0
#include "app/daemon.h"

#include <array>
#include <utility>

#include <unistd.h>

#include "app/configuration.h"
#include "app/log_options.h"
#include "app/shutdown.h"
#include "app/signals.h"
#include "config/file_watch.h"
#include "core/text.h"
#include "serve/management.h"
#include "store/runs.h"
#include "telemetry/log.h"

namespace rm::app {
namespace {

constexpr Duration shutdown_deadline = std::chrono::seconds(10);
constexpr Duration http_grace = std::chrono::seconds(5);  // for requests under way

std::string instance_name() {
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0) return fmt::format("pid {}", getpid());
    return fmt::format("{}:{}", name.data(), getpid());
}

}  // namespace

Daemon::Daemon(RunDaemon command, config::Sources sources, config::FileState file_as_read,
               config::Config config, const Environment& environment)
    : command_(std::move(command)),
      sources_(sources),
      file_as_read_(file_as_read),
      notify_(environment),
      live_(std::move(sources), std::move(config)),
      reload_(live_, clock_, health_, metrics_, notify_) {}

Status Daemon::start() {
    const SteadyTime begin = clock_.now().steady;
    for (Part part :
         {log_part(), pid_file_part(), store_part(), http_part(), config_watch_part(), peers_part()})
        if (auto status = lifecycle_.start(std::move(part)); !status) return status;

    const auto took = std::chrono::duration_cast<Duration>(clock_.now().steady - begin);
    log::info("app", "ready",
              {{"took", print(took)},
               {"dry_run", (*live_.current())->monitoring.dry_run},
               {"version", RM_VERSION}});
    notify_.ready(fmt::format("serving HTTP on port {}", server_->port()));
    return {};
}

void Daemon::take_signals() {
    const Duration nap = notify_.watchdog_interval().value_or(std::chrono::hours(1));
    for (;;) {
        const auto signal = wait_for_signal(nap);
        if (signal == Signal::stop) return;
        if (signal == Signal::reload) (void)reload_.now("SIGHUP");  // it tells the outcome itself
        notify_.watchdog();
    }
}

void Daemon::stop() {
    log::info("app", "stopping");
    notify_.stopping();
    stop_within(lifecycle_, shutdown_deadline);
    log::info("app", "stopped");
    log::flush();
}

Part Daemon::log_part() {
    return {.name = "log",
            .start = [this]() -> Result<std::string> {
                const config::Logging& logging = (*live_.current())->logging;
                if (auto status = log::start(log_options(logging)); !status) return fail(status.error());
                return logging.file.empty() ? std::string("stderr")
                                            : fmt::format("stderr and {}", logging.file.string());
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
    const auto before = store::last_run(*store_);
    if (before && *before && !ended_cleanly(**before))
        log::warning("app", "the run before did not end cleanly",
                     {{"instance", (*before)->instance}, {"version", (*before)->version}});
    if (const auto run = store::record_start(*store_, instance_name(), RM_VERSION, clock_.now().wall))
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

serve::Options Daemon::http_options() const {
    const auto config = live_.current();
    const config::Http& http = (*config)->http;
    const auto size = [](Bytes bytes) { return static_cast<std::size_t>(bytes.count()); };
    serve::Options options;
    options.address = http.listen.host;
    options.port = http.listen.port;
    options.limits.header_bytes = size(http.max_header);
    options.limits.body_bytes = size(http.max_body);
    options.timeouts.header = http.header_timeout;
    options.timeouts.body = http.body_timeout;
    options.timeouts.write = http.write_timeout;
    options.timeouts.idle = http.idle_timeout;
    options.access.token = http.token.value;
    options.access.cors_origins = http.cors_origins;
    options.connections = static_cast<std::size_t>(http.max_connections);
    return options;
}

Result<std::string> Daemon::start_http() {
    serve::Management management{.health = health_, .metrics = metrics_, .version = RM_VERSION, .reload = {}};
    if ((*live_.current())->http.reload_endpoint)
        management.reload = [this]() -> serve::Reloaded {
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
        };
    serve::Options options = http_options();
    const std::string address = options.address;
    auto server = serve::Server::start(std::move(options), serve::management_routes(management), metrics_);
    if (!server) return fail(server.error());
    server_ = *std::move(server);
    health_.report("http", serve::PartState::ok);
    return fmt::format("http://{}", print(config::ListenAddress{.host = address, .port = server_->port()}));
}

void Daemon::watch_config(const std::stop_token& stop) {
    const auto reload = [this] { (void)reload_.now("the file changed"); };  // it tells the outcome itself
    if (const auto status = config::watch_file(*sources_.file, file_as_read_, reload, stop); !status)
        log::warning("config", "changes of the file are not noticed, send SIGHUP instead",
                     {{"error", status.error().message}});
}

ExitCode run(const RunDaemon& command, const Environment& environment) {
    block_signals();
    config::Sources sources = sources_for(command.config, environment);
    const config::FileState file_as_read =
        sources.file ? config::state_of(*sources.file) : config::FileState{};
    auto config = load_or_complain(sources);
    if (!config) return ExitCode::usage;

    Daemon daemon(command, std::move(sources), file_as_read, *std::move(config), environment);
    const auto started = daemon.start();
    if (started) daemon.take_signals();
    daemon.stop();
    return started ? ExitCode::ok : ExitCode::cannot_start;
}

}  // namespace rm::app
