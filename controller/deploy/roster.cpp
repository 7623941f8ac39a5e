// SPDX-License-Identifier: Apache-2.0
#include "deploy/roster.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "deploy/setbacks.h"
#include "docker/services.h"
#include "store/deployments.h"

namespace rm::deploy {
namespace {

/// Nothing of it was done yet.
bool is_untouched(const Deployment& deployment) {
    const Replacement& first = deployment.replicas.front();
    return deployment.current == 0 && first.stage == Stage::prepare && !first.green && !first.begun;
}

docker::Labels labels_of(const docker::Inventory& inventory, const ServiceName& service) {
    const auto found = inventory.services.find(service);
    return found == inventory.services.end() ? docker::Labels{} : found->second.labels;
}

}  // namespace

UnderWay shown(const Deployment& deployment, std::string waits_for) {
    return {.id = deployment.id,
            .service = deployment.service,
            .strategy = deployment.strategy,
            .phase = phase_of(deployment),
            .since = deployment.created_at,
            .phase_since = deployment.phase_since,
            .waits_for = std::move(waits_for),
            .from = deployment.from,
            .to = deployment.to};
}

Roster::Roster(const Premises& premises, Ears ears)
    : with_(premises), ears_(std::move(ears)), hands_(premises.engine) {}

Result<std::vector<std::int64_t>> Roster::take_up(const std::string& engine, const std::stop_token& stop) {
    // Looked at before the journal: what ends in between is not taken up again from what was read of it.
    std::set<std::int64_t> at_work;
    {
        const std::scoped_lock lock(mutex_);
        for (const auto& [id, entry] : at_work_) at_work.insert(id);
    }
    const auto rows = store::unfinished(with_.store, engine);
    if (!rows) return fail(rows.error());
    const auto config = with_.live.current();
    const auto most = static_cast<std::size_t>((*config)->deployment.max_concurrent);
    std::vector<Deployment> fresh;
    std::vector<UnderWay> waiting;
    for (const store::Deployment& row : *rows) {
        if (at_work.contains(row.id)) continue;
        auto deployment = from_row(row);
        if (!deployment) {
            end_damaged(row, deployment.error());
        } else if ((*config)->monitoring.dry_run && is_untouched(*deployment)) {
            waiting.push_back(shown(*deployment, "monitoring.dry_run is on, and nothing may be changed"));
        } else {
            fresh.push_back(*std::move(deployment));
        }
    }
    while (at_work.size() + fresh.size() > most && !fresh.empty()) {
        waiting.push_back(shown(fresh.back(), fmt::format("its turn: {} may be at work at once", most)));
        fresh.pop_back();
    }
    auto ids = begin_work(std::move(fresh), stop);
    if (!ids) return fail(std::move(ids).error());
    const std::scoped_lock lock(mutex_);
    waiting_ = std::move(waiting);
    return ids;
}

Result<std::vector<std::int64_t>> Roster::begin_work(std::vector<Deployment> fresh,
                                                     const std::stop_token& stop) {
    std::vector<std::int64_t> ids;
    if (fresh.empty()) return ids;
    const auto list = with_.engine.list(stop);
    if (!list) return fail(list.error());
    const docker::Inventory inventory = docker::find_services(*list);
    for (Deployment& deployment : fresh) {
        ids.push_back(deployment.id);
        auto entry = std::make_shared<Entry>(
            Entry{.drive = nullptr,
                  .labels = labels_of(inventory, deployment.service),
                  .shown = shown(deployment, {}),
                  .begun = is_untouched(deployment) ? with_.clock.now().wall : deployment.created_at});
        entry->drive = make_drive(std::move(deployment));
        const std::scoped_lock lock(mutex_);
        at_work_.emplace(ids.back(), std::move(entry));
    }
    return ids;
}

std::unique_ptr<Drive> Roster::make_drive(Deployment deployment) {
    return std::make_unique<Drive>(Equipment{.engine = with_.engine,
                                             .store = with_.store,
                                             .hands = hands_,
                                             .clock = with_.clock,
                                             .tell =
                                                 [this](const Deployment& told, std::string_view message) {
                                                     show(told, nullptr);
                                                     if (ears_.told) ears_.told(told, message);
                                                 },
                                             .at_end = pause_if_hopeless},
                                   std::move(deployment));
}

void Roster::show(const Deployment& deployment, const std::string* waits_for) {
    const std::scoped_lock lock(mutex_);
    const auto found = at_work_.find(deployment.id);
    if (found == at_work_.end()) return;
    found->second->shown =
        shown(deployment, waits_for != nullptr ? *waits_for : found->second->shown.waits_for);
}

config::ServicePolicy Roster::policy_of(const Entry& entry) const {
    const auto config = with_.live.current();
    const ServiceName& service = entry.drive->deployment().service;
    auto policy = config->service(service, entry.labels);
    return policy ? *std::move(policy) : config->service(service);
}

std::optional<Duration> Roster::step(std::int64_t id, const std::stop_token& stop) {
    std::shared_ptr<Entry> entry;
    {
        const std::scoped_lock lock(mutex_);
        const auto found = at_work_.find(id);
        if (found == at_work_.end()) return std::nullopt;
        entry = found->second;
    }
    Drive& drive = *entry->drive;
    const Phase phase = phase_of(drive.deployment());
    const WallTime since = std::max(drive.deployment().phase_since, entry->begun);
    const Duration wait = drive.step(policy_of(*entry), stop);
    const Deployment& now = drive.deployment();
    show(now, &drive.waits_for());
    const auto passed = [&](WallTime from) {  // the wall clock may have been set back
        const WallTime until = now.finished_at.value_or(now.phase_since);
        return std::max(std::chrono::duration_cast<Duration>(until - from), Duration(0));
    };
    if ((phase_of(now) != phase || drive.ended()) && ears_.left_phase)
        ears_.left_phase(now, phase, passed(since));
    if (!drive.ended()) return wait;
    if (ears_.ended) ears_.ended(now, passed(entry->begun));
    drop(id);
    return std::nullopt;
}

void Roster::drop(std::int64_t id) {
    const std::scoped_lock lock(mutex_);
    at_work_.erase(id);
}

std::vector<UnderWay> Roster::view() const {
    const std::scoped_lock lock(mutex_);
    std::vector<UnderWay> all;
    all.reserve(at_work_.size() + waiting_.size());
    for (const auto& [id, entry] : at_work_) all.push_back(entry->shown);
    for (const UnderWay& waiting : waiting_)
        if (!at_work_.contains(waiting.id)) all.push_back(waiting);
    return all;
}

/// Nobody could ever go on with it, and it would stand in the way of the next one.
void Roster::end_damaged(store::Deployment row, const Error& error) {
    if (error.code != ErrorCode::corrupt) {
        if (ears_.noted) ears_.noted(error.message);
        return;
    }
    row.status = to_string(Outcome::failed);
    row.finished_at = with_.clock.now().wall;
    row.failure = "its row in the journal is damaged: " + error.message;
    const auto ended =
        with_.store.transaction([&](store::Session& session) { return store::put(session, row); });
    if (ears_.noted)
        ears_.noted(fmt::format("deployment {} of {} is given up: {}", row.id, print(row.service),
                                ended ? row.failure : ended.error().message));
}

}  // namespace rm::deploy
