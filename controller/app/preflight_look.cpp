// SPDX-License-Identifier: Apache-2.0
#include "app/preflight_look.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "app/world.h"
#include "config/problem.h"
#include "deploy/plan.h"
#include "deploy/preflight.h"
#include "deploy/subject.h"
#include "docker/services.h"

namespace rm::app {
namespace {

using config::Strategy;

std::string step_of(const deploy::Replacement& replica, Strategy strategy, const config::Argv& script) {
    const std::string change = print(replica.from) + " -> " + print(replica.to);
    switch (strategy) {
        case Strategy::blue_green:
            return fmt::format("{} is made beside {} ({}), which goes once the new one serves",
                               replica.green_name, replica.blue_name, change);
        case Strategy::in_place:
            return fmt::format("{} gets other limits while it runs ({})", replica.blue_name, change);
        case Strategy::recreate:
            return fmt::format("{} is stopped, and {} takes its place ({})", replica.blue_name,
                               replica.final_name, change);
        case Strategy::script:
            return fmt::format("{} is called for {} ({})", script.empty() ? "the script" : script.front(),
                               replica.blue_name, change);
        case Strategy::automatic:
            break;
    }
    return {};
}

/// What a deployment would do, or why there would be none.
void add_steps(serve::PreflightOf& made, const deploy::Subject& subject, const deploy::HostPicture& picture,
               const Limits& to) {
    std::vector<docker::Container> containers;
    containers.reserve(subject.replicas.size());
    for (const deploy::Candidate& replica : subject.replicas) containers.push_back(replica.container);
    const auto planned = deploy::plan(
        {.service = subject.service, .strategy = made.strategy, .to = to, .requested_by = {}, .reason = {}},
        containers, {.containers = picture.list}, "new", subject.now);
    if (!planned) {
        made.strategy.reset();
        made.why = planned.error().message;
        return;
    }
    for (const deploy::Replacement& replica : planned->replicas)
        made.steps.push_back(step_of(replica, *made.strategy, subject.policy.deployment.script));
}

serve::PreflightOf look_at_service(const deploy::HostPicture& picture, const docker::Service& service,
                                   const config::ServicePolicy& policy, const Circumstances& now,
                                   const serve::PreflightAsked& asked) {
    serve::PreflightOf made{.service = service.name,
                            .shown_as = {},
                            .managed = policy.enabled,
                            .configured = policy.deployment.strategy,
                            .strategy = {},
                            .why = {},
                            .options = {},
                            .replicas = {},
                            .from = {},
                            .to = {}};
    auto looked_at = deploy::subject_of(picture, service, policy, now.now);
    if (!looked_at) {
        made.why = looked_at.error().message;
        return made;
    }
    deploy::Subject subject = *std::move(looked_at);
    subject.memory_used = now.memory_used;
    subject.permissions = now.permissions;
    for (const deploy::Candidate& replica : subject.replicas) made.replicas.push_back(replica.container.name);
    if (!subject.replicas.empty()) made.from = subject.replicas.front().container.limits;
    if (asked.to) made.to = subject.wanted = overlaid(made.from.value_or(Limits{}), *asked.to);
    subject.asked_for = asked.strategy;
    deploy::Preflight found = deploy::preflight(subject);
    made.strategy = found.strategy;
    made.why = std::move(found.why);
    for (deploy::Option& option : found.options)
        made.options.push_back({.strategy = option.strategy, .against = std::move(option.against)});
    if (asked.to && made.strategy) add_steps(made, subject, picture, *asked.to);
    return made;
}

bool is_clear(const docker::Inventory& inventory, const ServiceName& name) {
    return std::ranges::count_if(inventory.services, [&](const auto& entry) {
               return entry.first.service() == name.service();
           }) == 1;
}

}  // namespace

std::optional<Bytes> memory_used_of(const decide::Check* check) {
    if (check == nullptr || !check->problem.empty()) return std::nullopt;
    for (const decide::Assessment& service : check->services)
        if (service.service.host) return service.service.host->memory_used;
    return std::nullopt;
}

Result<serve::PreflightReport> look_ahead(docker::Engine& engine, const config::Config& config,
                                          const Circumstances& now, const serve::PreflightAsked& asked,
                                          const std::stop_token& stop) {
    const auto picture = deploy::take_picture(engine, stop);
    if (!picture) return fail(picture.error());
    std::optional<ServiceName> only;
    if (asked.service) {
        const auto name = ServiceName::parse(*asked.service);
        if (!name) return fail(name.error());
        auto found = docker::resolve(picture->inventory, *name);
        if (!found) return fail(std::move(found).error());
        only = *std::move(found);
    }
    serve::PreflightReport report{.at = now.now, .services = {}};
    for (const auto& [name, service] : picture->inventory.services) {
        if (only && name != *only) continue;
        const auto labelled = config.service(name, service.labels);
        serve::PreflightOf made =
            look_at_service(*picture, service, labelled ? *labelled : config.service(name), now, asked);
        made.shown_as = is_clear(picture->inventory, name) ? name.service() : print(name);
        if (!labelled) {
            made.strategy.reset();
            made.steps.clear();
            made.why = "its labels are wrong: " + print(labelled.error().front());
        }
        report.services.push_back(std::move(made));
    }
    return report;
}

Result<std::string> look_ahead_once(const config::Config& config, const serve::PreflightAsked& asked) {
    SystemClock clock;
    auto world = World::make(config, clock, 1);
    if (!world) return fail(world.error());
    Circumstances now{.now = clock.now().wall};
    if (auto permissions = docker::find_permissions((*world)->engine(), {}))
        now.permissions = *std::move(permissions);
    const auto report = look_ahead((*world)->engine(), config, now, asked, {});
    if (!report) return fail(report.error());
    return serve::preflight_json(*report);
}

}  // namespace rm::app
