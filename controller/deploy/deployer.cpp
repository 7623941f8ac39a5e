// SPDX-License-Identifier: Apache-2.0
#include "deploy/deployer.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace rm::deploy {

Deployer::Deployer(const Premises& premises, Clock& real, DeployerOptions options, Ears ears)
    : with_(premises),
      real_(real),
      options_(std::move(options)),
      ears_(std::move(ears)),
      lease_(premises.store, real,
             {.name = fmt::format("{} ({})", options_.who, new_token()), .process = options_.process},
             options_.lease, options_.has_ended),
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

}  // namespace rm::deploy
