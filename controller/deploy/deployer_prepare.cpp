// SPDX-License-Identifier: Apache-2.0
// From a wish to a row of the journal.
#include <algorithm>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "deploy/deployer.h"
#include "deploy/preflight.h"
#include "deploy/subject.h"
#include "store/deployments.h"

namespace rm::deploy {
namespace {

Status check_free(store::Database& store, const std::string& engine, const ServiceName& service) {
    const auto rows = store::unfinished(store, engine);
    if (!rows) return fail(rows.error());
    const auto other = std::ranges::find(*rows, service, &store::Deployment::service);
    if (other == rows->end()) return {};
    return fail(ErrorCode::conflict, "deployment {} of {} is under way", other->id, print(service));
}

}  // namespace

std::string new_token() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}", random(), random());
}

Result<std::int64_t> begin(store::Session& session, const Deployment& deployment) {
    auto id = store::begin(session, to_row(deployment));
    if (!id) return id;
    if (auto added = store::add(session, {.deployment = *id,
                                          .at = deployment.created_at,
                                          .phase = std::string(to_string(phase_of(deployment))),
                                          .message = {}});
        !added)
        return fail(std::move(added).error());
    return id;
}

Result<Deployment> Deployer::prepare(const Wish& wish, const std::stop_token& stop) {
    const auto config = with_.live.current();
    if ((*config)->monitoring.dry_run)
        return fail(ErrorCode::permission, "monitoring.dry_run is on, and nothing may be changed");
    const WallTime now = with_.clock.now().wall;
    auto subject = look_at(with_.engine, wish.service, *config, now, stop);
    if (!subject) return fail(std::move(subject).error());
    if (auto free = check_free(with_.store, subject->engine.id, subject->service); !free)
        return fail(std::move(free).error());
    if (subject->replicas.empty())
        return fail(ErrorCode::not_found, "{} has no container", print(subject->service));
    subject->wanted = overlaid(subject->replicas.front().container.limits, wish.to);
    subject->asked_for = wish.strategy;
    subject->permissions = permissions().value_or(docker::Permissions{});
    const Preflight found = preflight(*subject);
    if (!found.strategy) return fail(ErrorCode::unsupported, "{}", found.why);

    const auto list = with_.engine.list(stop);
    if (!list) return fail(list.error());
    std::vector<docker::Container> replicas;
    for (const Candidate& replica : subject->replicas) replicas.push_back(replica.container);
    Wish resolved = wish;
    resolved.service = subject->service;
    resolved.strategy = found.strategy;
    auto made = plan(resolved, replicas, {.containers = *list}, new_token(), now);
    if (!made) return fail(std::move(made).error());
    made->engine = subject->engine.id;
    return made;
}

Result<Deployment> Deployer::submit(const Wish& wish, const std::stop_token& stop) {
    auto made = prepare(wish, stop);
    if (!made) return fail(std::move(made).error());
    const auto written = with_.store.transaction([&](store::Session& session) -> Status {
        const auto id = begin(session, *made);
        if (!id) return fail(id.error());
        made->id = *id;
        return {};
    });
    if (!written) return fail(written.error());
    wake();
    return made;
}

}  // namespace rm::deploy
