// SPDX-License-Identifier: Apache-2.0
// The daemon's part that carries deployments out, and what it tells of them.
#include <fmt/format.h>
#include <unistd.h>

#include "app/daemon.h"
#include "app/host_name.h"
#include "app/keep_going.h"
#include "app/process_mark.h"
#include "core/text.h"
#include "telemetry/log.h"

namespace rm::app {

Part Daemon::deployments_part() {
    return {.name = "deployments",
            .start = [this] { return start_deploying(); },
            .stop =
                [this] {
                    deployment_metrics_->follow({});
                    deployer_->stop();
                    override_.reset();
                }};
}

Result<std::string> Daemon::start_deploying() {
    const auto config = live_.current();
    auto world = World::make(*config, clock_, command_.speed);
    if (!world) return fail(world.error());
    world_ = *std::move(world);
    deployment_metrics_ = std::make_shared<DeploymentMetrics>(metrics_.registry());
    metrics_.add(deployment_metrics_);
    override_ = std::make_unique<OverrideKeeper>(OverrideKeeper::With{.live = live_,
                                                                      .engine = world_->engine(),
                                                                      .clock = world_->clock(),
                                                                      .health = health_,
                                                                      .registry = metrics_.registry()});
    const bool own_store = (*config)->store.url.scheme() == "sqlite";
    deployer_ = std::make_unique<deploy::Deployer>(
        deploy::Premises{
            .live = live_, .engine = world_->engine(), .store = *store_, .clock = world_->clock()},
        clock_,
        deploy::DeployerOptions{.who = fmt::format("{}:{}", host_name(), getpid()),
                                .process = process_mark(),
                                .has_ended = has_ended,
                                .store_is_ours_alone = own_store,
                                .permitted = [this](const auto& allowed) { on_permissions(allowed); },
                                .stood = [this](const auto& standing) { on_standing(standing); },
                                .guard = keep_going},
        deployment_ears());
    deployment_metrics_->follow([this] { return deployer_->under_way(); });
    health_.report("deployments", serve::PartState::starting);
    deployer_->start();
    const std::int64_t most = (*config)->deployment.max_concurrent;
    return fmt::format("{} at once{}", most,
                       (*config)->monitoring.dry_run ? "; none is begun in dry-run" : "");
}

deploy::Ears Daemon::deployment_ears() {
    return {.told =
                [](const deploy::Deployment& deployment, std::string_view message) {
                    log::info("deploy", message,
                              {{"deployment", deployment.id},
                               {"service", print(deployment.service)},
                               {"phase", to_string(phase_of(deployment))}});
                },
            .left_phase =
                [this](const deploy::Deployment& deployment, deploy::Phase phase, Duration took) {
                    deployment_metrics_->left_phase(phase, took);
                    if (deployment.finished_at) return;
                    log::info("deploy", "next phase",
                              {{"deployment", deployment.id},
                               {"service", print(deployment.service)},
                               {"phase", to_string(phase_of(deployment))},
                               {"after", to_string(phase)},
                               {"took", print(took)}});
                },
            .ended = [this](const deploy::Deployment& deployment,
                            Duration took) { on_deployment_end(deployment, took); },
            .noted = [](std::string_view message) { log::warning("deploy", message); }};
}

void Daemon::on_deployment_end(const deploy::Deployment& deployment, Duration took) {
    deployment_metrics_->ended(deployment, took);
    override_->deployment_ended();
    const bool succeeded = deployment.outcome == deploy::Outcome::succeeded;
    log::write(succeeded ? log::Level::info : log::Level::warning, "deploy",
               succeeded ? "deployed" : "a deployment came to nothing",
               {{"deployment", deployment.id},
                {"service", print(deployment.service)},
                {"strategy", to_string(deployment.strategy)},
                {"outcome", to_string(deployment.outcome)},
                {"from", print(deployment.from)},
                {"to", print(deployment.to)},
                {"took", print(took)},
                {"failure", deployment.failure}});
}

Result<std::int64_t> Daemon::deploy_by_hand(const serve::Wanted& wanted, const std::stop_token& stop) {
    const auto made = deployer_->submit({.service = wanted.service,
                                         .strategy = wanted.strategy,
                                         .to = wanted.to,
                                         .requested_by = wanted.requested_by,
                                         .reason = wanted.reason},
                                        stop);
    if (!made) return fail(made.error());
    return made->id;
}

/// Without the right to change anything the daemon goes on looking, and says what it lacks.
void Daemon::on_permissions(const docker::Permissions& allowed) {
    std::vector<std::string> lacks;
    lacks.reserve(allowed.lacks.size());
    for (const docker::Lack& lack : allowed.lacks) lacks.push_back(print(lack));
    const bool observes = !allowed.may_deploy();
    const bool misses_it = observes && !(*live_.current())->monitoring.dry_run;
    for (const std::string& lack : lacks)
        log::write(misses_it ? log::Level::warning : log::Level::info, "docker", lack);
    const std::string all = fmt::format("{}", fmt::join(lacks, "; "));
    health_.report("permissions", misses_it ? serve::PartState::degraded : serve::PartState::ok,
                   observes ? "it can only observe: " + all : all);
}

void Daemon::on_standing(const deploy::Standing& standing) {
    using enum deploy::Standing::Kind;
    override_->stands(standing.kind == at_work);
    serve::PartState state = serve::PartState::ok;
    if (standing.kind == starting) state = serve::PartState::starting;
    if (standing.kind == waiting) state = serve::PartState::degraded;
    health_.report("deployments", state,
                   standing.kind == standing_by ? "stands by: " + standing.detail : standing.detail);
}

}  // namespace rm::app
