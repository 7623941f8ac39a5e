// SPDX-License-Identifier: Apache-2.0
#include "deploy/deployer.h"

#include <algorithm>
#include <array>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "deploy/preflight.h"
#include "deploy/setbacks.h"
#include "deploy/subject.h"
#include "deploy/sweep.h"
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
    return store::begin(session, to_row(deployment));
}

Deployer::Deployer(const Premises& premises, Clock& real, DeployerOptions options, Ears ears)
    : with_(premises),
      real_(real),
      options_(std::move(options)),
      ears_(std::move(ears)),
      lease_(premises.store, real, fmt::format("{} ({})", options_.who, new_token()), options_.lease),
      roster_(premises, ears_) {}

void Deployer::start() {
    scheduler_ = std::jthread([this](const std::stop_token& stop) { schedule(stop); });
    keeper_ = std::jthread([this](const std::stop_token& stop) { keep_lease(stop); });
}

void Deployer::stop() {
    scheduler_.request_stop();
    keeper_.request_stop();
    dismiss();
    if (scheduler_.joinable()) scheduler_.join();
    dismiss();  // those that it hired meanwhile
    reap(true);
    if (keeper_.joinable()) keeper_.join();
    lease_.give_up();
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

void Deployer::wake() {
    const std::scoped_lock lock(mutex_);
    nap_.request_stop();
}

Standing Deployer::standing() const {
    const std::scoped_lock lock(mutex_);
    return standing_;
}

std::string Deployer::engine_id() const {
    const std::scoped_lock lock(mutex_);
    return engine_;
}

bool Deployer::guarded(std::string_view what, const std::function<void()>& piece) const {
    if (options_.guard) return options_.guard(what, piece);
    piece();
    return true;
}

/// Not held up by an engine that is slow.
void Deployer::keep_lease(const std::stop_token& stop) {
    do {
        (void)guarded("the lease", [&] {
            const std::string engine = engine_id();
            if (engine.empty()) return;
            const bool held = lease_.holds();
            if (lease_.renew(engine)) {
                if (!held) wake();
            } else {
                dismiss();
            }
        });
        const bool waits_for_engine = engine_id().empty();
        if (!real_.sleep_for(waits_for_engine ? std::min(options_.nap, lease_.renewal()) : lease_.renewal(),
                             stop))
            return;
    } while (!stop.stop_requested());
}

void Deployer::schedule(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        (void)guarded("deployments", [&] { round(stop); });
        nap(stop);
    }
}

void Deployer::nap(const std::stop_token& stop) {
    std::stop_token until_woken;
    {
        const std::scoped_lock lock(mutex_);
        until_woken = nap_.get_token();
    }
    const std::stop_callback end_with(stop, [this] { wake(); });
    (void)real_.sleep_for(options_.nap, until_woken);
    const std::scoped_lock lock(mutex_);
    if (nap_.stop_requested()) nap_ = std::stop_source();
}

void Deployer::round(const std::stop_token& stop) {
    reap(false);
    const SteadyTime now = real_.now().steady;
    const bool sweeps = !swept_at_ || now - *swept_at_ >= options_.sweep;
    if (engine_id().empty() || sweeps) {
        if (const auto known = learn_engine(stop); !known) {
            stand({.kind = Standing::Kind::waiting, .detail = "the engine: " + known.error().message});
            return;
        }
    }
    learn_permissions(stop);
    if (!lease_.holds() && !lease_.renew(engine_id())) {
        stand({.kind = Standing::Kind::standing_by, .detail = lease_.trouble()});
        return;
    }
    if (sweeps) sweep(stop);
    const auto ids = roster_.take_up(engine_id(), stop);
    if (!ids) {
        stand({.kind = Standing::Kind::waiting, .detail = ids.error().message});
        return;
    }
    stand({.kind = Standing::Kind::at_work, .detail = {}});
    hire(*ids);
}

/// Where something is lacking it is asked again from time to time: the engine logs each such question.
void Deployer::learn_permissions(const std::stop_token& stop) {
    const auto before = permissions();
    const SteadyTime now = real_.now().steady;
    if (before && (before->lacks.empty() || now - *asked_at_ < options_.ask_again)) return;
    auto found = docker::find_permissions(with_.engine, stop);
    if (!found) return;  // the engine is away: at the next round
    asked_at_ = now;
    {
        const std::scoped_lock lock(mutex_);
        permissions_ = *found;
    }
    if (options_.permitted && (!before || before->lacks != found->lacks)) options_.permitted(*found);
}

std::optional<docker::Permissions> Deployer::permissions() const {
    const std::scoped_lock lock(mutex_);
    return permissions_;
}

/// The engine may have been made anew under us; what was under way there is not to be looked for here.
Status Deployer::learn_engine(const std::stop_token& stop) {
    const auto info = with_.engine.info(stop);
    if (!info) return fail(info.error());
    const std::string before = engine_id();
    if (info->id == before) return {};
    if (!before.empty()) {
        dismiss();
        reap(true);
        lease_.give_up();
        note_once(fmt::format("the engine {} is another one now: {}", before, info->id));
    }
    const std::scoped_lock lock(mutex_);
    engine_ = info->id;
    permissions_.reset();
    return {};
}

void Deployer::stand(const Standing& standing) {
    const Standing before = this->standing();
    if (standing == before) return;
    {
        const std::scoped_lock lock(mutex_);
        standing_ = standing;
    }
    if (options_.stood) options_.stood(standing);
    if (standing.kind == before.kind || !ears_.noted) return;
    if (standing.kind == Standing::Kind::standing_by) ears_.noted("stands by: " + standing.detail);
    if (standing.kind == Standing::Kind::waiting) ears_.noted("waits: " + standing.detail);
}

void Deployer::hire(const std::vector<std::int64_t>& ids) {
    for (const std::int64_t id : ids) {
        fire(id);
        const std::scoped_lock lock(mutex_);
        workers_[id].thread = std::jthread([this, id](const std::stop_token& stop) { work(id, stop); });
    }
}

/// Joins the one that had it before, if it is about to leave. Without the lock, which it needs for that.
void Deployer::fire(std::int64_t id) {
    std::jthread left;
    const std::scoped_lock lock(mutex_);
    const auto found = workers_.find(id);
    if (found == workers_.end()) return;
    left = std::move(found->second.thread);
    workers_.erase(found);
}

void Deployer::work(std::int64_t id, const std::stop_token& stop) {
    bool ended = false;
    (void)guarded("a deployment", [&] {
        while (!stop.stop_requested() && lease_.holds()) {
            const auto wait = roster_.step(id, stop);
            ended = !wait;
            if (ended) break;
            if (*wait > Duration(0) && !with_.clock.sleep_for(*wait, stop)) break;
        }
    });
    roster_.drop(id);
    if (ended) wake();  // another one may have its turn
    const std::scoped_lock lock(mutex_);
    if (const auto us = workers_.find(id); us != workers_.end()) us->second.done = true;
}

/// Tells all workers to leave.
void Deployer::dismiss() {
    const std::scoped_lock lock(mutex_);
    for (auto& [id, worker] : workers_) worker.thread.request_stop();
}

/// Joins those that have left, or waits for all of them.
void Deployer::reap(bool all) {
    std::vector<std::jthread> left;
    {
        const std::scoped_lock lock(mutex_);
        for (auto& [id, worker] : workers_)
            if (all || worker.done) left.push_back(std::move(worker.thread));
        std::erase_if(workers_, [&](const auto& one) { return !one.second.thread.joinable(); });
    }
    left.clear();  // each joins
}

void Deployer::note_once(const std::string& message) {
    if (noted_.insert(message).second && ears_.noted) ears_.noted(message);
}

/// Begins the ways back of what is left over; in the next look at the journal they are taken up.
void Deployer::sweep(const std::stop_token& stop) {
    const std::string engine = engine_id();
    const auto config = with_.live.current();
    const auto policy_of = [&](const ServiceName& service, const docker::Labels& labels) {
        auto policy = config->service(service, labels);
        return policy ? *std::move(policy) : config->service(service);
    };
    const auto list = with_.engine.list(stop);
    if (!list) return;
    const auto rows = store::unfinished(with_.store, engine);
    if (!rows) return;
    end_elsewhere(engine);
    std::set<std::string> tokens;
    for (const store::Deployment& row : *rows) tokens.insert(row.token);
    const auto found = deploy::sweep(with_.engine, *list, tokens, policy_of, with_.clock.now().wall, stop);
    if (!found) return;
    swept_at_ = real_.now().steady;
    for (const std::string& doubt : found->in_doubt) note_once(doubt);
    if ((*config)->monitoring.dry_run) return;
    for (Deployment way_back : found->ways_back) {
        way_back.engine = engine;
        const auto begun = with_.store.transaction([&](store::Session& session) -> Status {
            const auto id = begin(session, way_back);
            if (!id) return fail(id.error());
            return {};
        });
        if (begun) note_once(way_back.reason + ", and is taken away");
    }
}

/// What was under way on an engine that is no more can't be brought to an end.
void Deployer::end_elsewhere(const std::string& engine) {
    const auto rows = store::unfinished_elsewhere(with_.store, engine);
    if (!rows) return;
    for (store::Deployment row : *rows) {
        const std::string where =
            fmt::format("deployment {} of {} was under way on another engine", row.id, print(row.service));
        if (!options_.store_is_ours_alone) {
            note_once(where + ", and is left to whoever deploys there");
            continue;
        }
        row.status = to_string(Outcome::failed);
        row.finished_at = with_.clock.now().wall;
        row.failure =
            fmt::format("it was under way on the engine {}, and this one is {}", row.engine, engine);
        const auto ended =
            with_.store.transaction([&](store::Session& session) { return store::put(session, row); });
        if (ended) note_once(where + ", which is another one now: it has failed");
    }
}

}  // namespace rm::deploy
