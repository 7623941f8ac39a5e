// SPDX-License-Identifier: Apache-2.0
#include "app/preflight_look.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "app/world.h"
#include "config/problem.h"
#include "deploy/plan.h"
#include "deploy/preflight.h"
#include "docker/read.h"
#include "docker/services.h"

namespace rm::app {
namespace {

using config::Strategy;
using docker::ContainerState;

/// Everything on the host, looked at once.
struct HostPicture {
    std::vector<docker::ContainerSummary> list;
    docker::Inventory inventory;
    docker::EngineInfo info;
    std::map<ContainerId, std::string> documents;
    std::map<ContainerId, docker::Wiring> wirings;
    std::map<ContainerId, std::string> unseen;  // their names
};

/// One that has gone meanwhile is passed over.
Status add_container(HostPicture& picture, docker::Engine& engine, const docker::ContainerSummary& one,
                     const std::stop_token& stop) {
    auto document = engine.document(one.id, stop);
    if (!document) {
        if (document.error().code == ErrorCode::cancelled) return fail(document.error());
        if (document.error().code != ErrorCode::not_found) picture.unseen.emplace(one.id, one.name);
        return {};
    }
    if (auto wiring = docker::read_wiring(*document))
        picture.wirings.emplace(one.id, *std::move(wiring));
    else
        picture.unseen.emplace(one.id, one.name);
    picture.documents.emplace(one.id, *std::move(document));
    return {};
}

Result<HostPicture> take_picture(docker::Engine& engine, const std::stop_token& stop) {
    auto info = engine.info(stop);
    if (!info) return fail(std::move(info).error());
    auto list = engine.list(stop);
    if (!list) return fail(std::move(list).error());
    HostPicture picture{.list = *std::move(list),
                        .inventory = {},
                        .info = *std::move(info),
                        .documents = {},
                        .wirings = {},
                        .unseen = {}};
    picture.inventory = docker::find_services(picture.list);
    for (const docker::ContainerSummary& one : picture.list)
        if (auto added = add_container(picture, engine, one, stop); !added)
            return fail(std::move(added).error());
    return picture;
}

/// Which containers a deployment would replace: those that run; where none does, all that are there.
std::vector<ContainerId> replicas_to_replace(const docker::Service& service) {
    const bool any_runs = std::ranges::any_of(service.replicas, &docker::ServiceReplica::running);
    std::vector<ContainerId> ids;
    for (const docker::ServiceReplica& replica : service.replicas) {
        const bool is_going =
            replica.state == ContainerState::removing || replica.state == ContainerState::dead;
        if (any_runs ? replica.running : !is_going) ids.push_back(replica.id);
    }
    return ids;
}

Limits merged(const Limits& from, const Limits& to) {
    return {.cpu = to.cpu ? to.cpu : from.cpu, .memory = to.memory ? to.memory : from.memory};
}

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
void add_steps(serve::PreflightOf& made, const deploy::Subject& subject, const HostPicture& picture,
               const Limits& to) {
    std::vector<docker::Container> containers;
    containers.reserve(subject.replicas.size());
    for (const deploy::Candidate& replica : subject.replicas) containers.push_back(replica.container);
    const auto planned = deploy::plan(
        {.service = subject.service, .strategy = *made.strategy, .to = to, .requested_by = {}, .reason = {}},
        containers, {.containers = picture.list}, "new", subject.now);
    if (!planned) {
        made.strategy.reset();
        made.why = planned.error().message;
        return;
    }
    for (const deploy::Replacement& replica : planned->replicas)
        made.steps.push_back(step_of(replica, *made.strategy, subject.policy.deployment.script));
}

/// The service's containers, and all others; an error names what could not be read.
Status fill(deploy::Subject& subject, const HostPicture& picture, const docker::Service& service) {
    const std::vector<ContainerId> ids = replicas_to_replace(service);
    for (const ContainerId& id : ids) {
        const auto document = picture.documents.find(id);
        if (document == picture.documents.end()) {
            if (const auto unseen = picture.unseen.find(id); unseen != picture.unseen.end())
                return fail(ErrorCode::unavailable, "{} could not be looked at", unseen->second);
            continue;
        }
        auto container = docker::read_container(document->second);
        if (!container) return fail(std::move(container).error());
        subject.replicas.push_back({.container = *std::move(container), .document = document->second});
    }
    const auto is_ours = [&](const ContainerId& id) { return std::ranges::find(ids, id) != ids.end(); };
    for (const auto& [id, wiring] : picture.wirings)
        if (!is_ours(id)) subject.others.push_back(wiring);
    for (const auto& [id, name] : picture.unseen)
        if (!is_ours(id)) subject.unseen.push_back(name);
    return {};
}

serve::PreflightOf look_at_service(const HostPicture& picture, const docker::Service& service,
                                   deploy::Subject subject, const serve::PreflightAsked& asked) {
    serve::PreflightOf made{.service = service.name,
                            .shown_as = {},
                            .managed = subject.policy.enabled,
                            .configured = subject.policy.deployment.strategy,
                            .strategy = {},
                            .why = {},
                            .options = {},
                            .replicas = {},
                            .from = {},
                            .to = {}};
    if (const auto filled = fill(subject, picture, service); !filled) {
        made.why = filled.error().message;
        return made;
    }
    for (const deploy::Candidate& replica : subject.replicas) made.replicas.push_back(replica.container.name);
    if (!subject.replicas.empty()) made.from = subject.replicas.front().container.limits;
    if (asked.to) made.to = subject.wanted = merged(made.from.value_or(Limits{}), *asked.to);
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
                                          std::optional<Bytes> memory_used, WallTime now,
                                          const serve::PreflightAsked& asked, const std::stop_token& stop) {
    const auto picture = take_picture(engine, stop);
    if (!picture) return fail(picture.error());
    std::optional<ServiceName> only;
    if (asked.service) {
        const auto name = ServiceName::parse(*asked.service);
        if (!name) return fail(name.error());
        auto found = docker::resolve(picture->inventory, *name);
        if (!found) return fail(std::move(found).error());
        only = *std::move(found);
    }
    serve::PreflightReport report{.at = now, .services = {}};
    for (const auto& [name, service] : picture->inventory.services) {
        if (only && name != *only) continue;
        const auto labelled = config.service(name, service.labels);
        deploy::Subject subject{.service = name,
                                .policy = labelled ? *labelled : config.service(name),
                                .replicas = {},
                                .others = {},
                                .unseen = {},
                                .engine = picture->info,
                                .memory_used = memory_used,
                                .now = now};
        serve::PreflightOf made = look_at_service(*picture, service, std::move(subject), asked);
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
    const auto report =
        look_ahead((*world)->engine(), config, std::nullopt, clock.now().wall, asked, std::stop_token());
    if (!report) return fail(report.error());
    return serve::preflight_json(*report);
}

}  // namespace rm::app
