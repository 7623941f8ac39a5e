// SPDX-License-Identifier: Apache-2.0
#include "app/reconcile/reconciler.h"

#include <algorithm>
#include <utility>

#include "app/reconcile/assemble.h"
#include "app/reconcile/records.h"
#include "decide/admit.h"
#include "store/decisions.h"
#include "store/pauses.h"
#include "store/service_states.h"
#include "telemetry/log.h"

namespace rm::app {
namespace {

using namespace std::chrono_literals;

/// Long sleeps are cut, so that a shorter interval after a reload is noticed soon.
constexpr Duration longest_nap = 1s;
constexpr Duration prune_every = 1h;

observe::Windows windows_of(const config::Monitoring& monitoring) {
    return {.window = monitoring.window,
            .trend = monitoring.trend_window,
            .check_interval = monitoring.check_interval};
}

decide::Rules rules_of(const config::Monitoring& monitoring) {
    return {.window = monitoring.window,
            .trend_window = monitoring.trend_window,
            .check_interval = monitoring.check_interval};
}

std::vector<observe::Target> targets_of(const Survey& survey) {
    std::vector<observe::Target> targets;
    targets.reserve(survey.running.size());
    for (const docker::Container& container : survey.running)
        targets.push_back({.id = container.id,
                           .name = container.name,
                           .started_at = container.started_at.value_or(container.created_at),
                           .cpu_limited = container.limits.cpu.has_value()});
    return targets;
}

/// The source had no good answer at all. One that answers and knows nothing of the containers is there.
bool is_away(const observe::Observation& observation) {
    const auto failed = [](const Fault& fault) { return fault.cause != Gap::absent; };
    const auto unknown = [](const auto& entry) { return !entry.second.cpu && !entry.second.memory; };
    return std::ranges::any_of(observation.faults, failed) && std::ranges::all_of(observation.usage, unknown);
}

deploy::Wish wish_of(const decide::Assessment& service) {
    return {.service = service.service.name,
            .to = service.verdict.proposal->to,
            .requested_by = "reconcile loop",
            .reason = service.verdict.proposal->reason};
}

/// Why nobody here carries anything out.
std::string words_for(const deploy::Standing& standing) {
    if (standing.kind == deploy::Standing::Kind::starting) return "deployments are about to start";
    return standing.detail;
}

/// What stands for an answer while a source that failed is left in peace.
observe::Observation not_asked(const std::vector<observe::Target>& targets) {
    observe::Observation observation;
    Usage unknown;
    unknown.cpu = tl::unexpected(Gap::unavailable);
    unknown.memory = tl::unexpected(Gap::unavailable);
    for (const observe::Target& target : targets) observation.usage.emplace(target.id, unknown);
    observation.faults.push_back({.what = "source",
                                  .cause = Gap::unavailable,
                                  .message = "it failed before and is asked again a little later"});
    return observation;
}

}  // namespace

Reconciler::Reconciler(Surroundings surroundings, OnCheck on_check, OnDecisions on_decisions)
    : around_(surroundings), on_check_(std::move(on_check)), on_decisions_(std::move(on_decisions)) {}

void Reconciler::run(const std::stop_token& stop) {
    // The state of affairs is shown at once, while a check that counts waits for its time: a program that
    // is restarted often must not hurry from check to check.
    (void)look(stop);
    Schedule schedule(first_due());
    while (!stop.stop_requested()) {
        const SteadyTime now = around_.clock.now().steady;
        if (now < schedule.due()) {
            around_.clock.sleep_until(std::min(schedule.due(), now + longest_nap), stop);
            continue;
        }
        (void)check(stop);
        const Duration interval = (*around_.live.current())->monitoring.check_interval;
        const std::int64_t missed = schedule.next(interval, around_.clock.now().steady);
        if (missed == 0) continue;
        log::warning("reconcile", "a check took longer than the interval, others were left out",
                     {{"missed", missed}, {"interval", print(interval)}});
        const std::scoped_lock lock(checking_);
        missed_ = missed;
    }
}

SteadyTime Reconciler::first_due() {
    const std::scoped_lock lock(checking_);
    const Instant now = around_.clock.now();
    const Duration interval = (*around_.live.current())->monitoring.check_interval;
    Duration wait{0};
    for (const auto& [name, known] : known_)
        if (const auto& last = known.state.last_check)
            wait = std::max(wait, std::chrono::duration_cast<Duration>(*last + interval - now.wall));
    return now.steady + std::min(wait, interval);  // a clock that was put back must not stop us
}

CheckPtr Reconciler::latest() const {
    const std::scoped_lock lock(mutex_);
    return latest_;
}

void Reconciler::publish(CheckPtr check) {
    const std::scoped_lock lock(mutex_);
    latest_ = std::move(check);
}

CheckPtr Reconciler::look(const std::stop_token& stop) {
    const std::scoped_lock lock(checking_);
    const auto config = around_.live.current();
    decide::Check seen = assess(*config, stop);
    if (seen.problem.empty())
        decide::admit(seen.services, [](const decide::Assessment&) { return std::string(); });
    seen.counted = false;
    auto made = std::make_shared<const decide::Check>(std::move(seen));
    if (!latest()) publish(made);
    return made;
}

CheckPtr Reconciler::check(const std::stop_token& stop) {
    const std::scoped_lock lock(checking_);
    const auto config = around_.live.current();
    const SteadyTime begin = around_.clock.now().steady;
    decide::Check made = assess(*config, stop);
    if (stop.stop_requested()) return latest();
    std::vector<deploy::Deployment> deployments;
    if (made.problem.empty()) deployments = accept(made, stop);
    if (stop.stop_requested()) return latest();
    made.number = ++number_;
    made.missed = std::exchange(missed_, 0);
    if (made.problem.empty())
        if (const auto status = remember(made, *config, deployments); !status)
            made.problem = status.error().message;
    if (!made.problem.empty())
        log::warning("reconcile", "a check was lost", {{"check", number_}, {"error", made.problem}});
    made.took = std::chrono::duration_cast<Duration>(around_.clock.now().steady - begin);
    auto shared = std::make_shared<const decide::Check>(std::move(made));
    publish(shared);
    on_check_(shared);
    return shared;
}

decide::Check Reconciler::assess(const config::Config& config, const std::stop_token& stop) {
    const Instant now = around_.clock.now();
    const config::Monitoring& monitoring = config->monitoring;
    decide::Check check;
    check.at = now.wall;
    check.dry_run = monitoring.dry_run || around_.deployer == nullptr;
    check.source = around_.source.describe();
    check.next = now.wall + monitoring.check_interval;
    const auto lost = [&](const Error& error) {
        check.problem = error.message;
        if (const auto before = latest()) check.services = before->services;
        return std::move(check);
    };
    if (const auto status = recall(); !status) return lost(status.error());
    auto seen = survey(around_.engine, stop);
    if (!seen) return lost(seen.error());
    const auto paused = store::pauses(around_.store);
    if (!paused) return lost(paused.error());
    const auto journal = read_journal(around_.store, seen->host ? seen->host->id : std::string());
    if (!journal) return lost(journal.error());

    const auto targets = targets_of(*seen);
    observe::Observation observation =
        now.steady < ask_again_ ? not_asked(targets)
                                : around_.source.observe(targets, windows_of(monitoring), now.wall, stop);
    failures_ = is_away(observation) ? failures_ + (now.steady < ask_again_ ? 0 : 1) : 0;
    if (now.steady >= ask_again_) ask_again_ = now.steady + pause_after(failures_);
    check.requests = observation.requests;
    check.faults = seen->faults;
    check.faults.insert(check.faults.end(), observation.faults.begin(), observation.faults.end());

    auto views = assemble(*seen, observation, *paused, *journal, config);
    const decide::Rules rules = rules_of(monitoring);
    check.services.reserve(views.size());
    for (Assembled& view : views) {
        decide::ServiceState state = state_of(view.service.name);
        if (!check.dry_run) state = decide::without_assumptions(std::move(state));
        check.services.push_back(assess_one(std::move(view), rules, std::move(state), now.wall));
    }
    return check;
}

decide::ServiceState Reconciler::state_of(const ServiceName& name) const {
    const auto found = known_.find(name);
    return found == known_.end() ? decide::ServiceState{} : found->second.state;
}

Status Reconciler::recall() {
    if (recalled_) return {};
    const auto stored = store::service_states(around_.store);
    if (!stored) return fail(stored.error());
    for (const store::ServiceState& row : *stored) {
        auto state = decide::parse_state(row.state);
        if (!state) {
            // Better to wait than to act twice: as if it had been adjusted when this was written.
            log::warning("reconcile", "a stored state is damaged, the service starts with a cooldown",
                         {{"service", print(row.service)}, {"error", state.error().message}});
            state = decide::ServiceState{};
            state->last_adjustment = row.updated_at;
        }
        known_[row.service] = {.state = *std::move(state), .outcome = {}, .seen_at = row.updated_at};
    }
    recalled_ = true;
    return {};
}

/// The deployments that carry out what is proposed. Where one can't be made the service is held, with the
/// reason.
std::vector<deploy::Deployment> Reconciler::accept(decide::Check& check, const std::stop_token& stop) const {
    std::vector<deploy::Deployment> made;
    const auto standing = check.dry_run ? deploy::Standing{} : around_.deployer->standing();
    decide::admit(check.services, [&](const decide::Assessment& service) -> std::string {
        if (check.dry_run) return {};
        if (standing.kind != deploy::Standing::Kind::at_work) return words_for(standing);
        auto deployment = around_.deployer->prepare(wish_of(service), stop);
        if (!deployment) return std::move(deployment).error().message;
        made.push_back(*std::move(deployment));
        return {};
    });
    return made;
}

/// Counts what is adjusted, or would be, as done. The decisions have what led to them, so they are made
/// before.
std::vector<store::Decision> Reconciler::conclude(decide::Check& check) const {
    std::vector<store::Decision> news;
    for (decide::Assessment& service : check.services) {
        const std::string outcome = outcome_of(service.verdict, check.dry_run);
        const auto before = known_.find(service.service.name);
        const bool tells = service.verdict.proposal || service.verdict.drift_seen;
        if (tells || before == known_.end() || outcome != before->second.outcome)
            news.push_back(decision_of(check, service, outcome));
        if (service.verdict.proposal)
            service.verdict.next = decide::after_adjustment(service.verdict.next, *service.verdict.proposal,
                                                            *service.policy, check.at, check.dry_run);
    }
    return news;
}

Status Reconciler::remember(decide::Check& check, const config::Config& config,
                            const std::vector<deploy::Deployment>& deployments) {
    const WallTime oldest = check.at - config->store.retention;
    const bool prune = !pruned_ || check.at - *pruned_ >= prune_every;
    const auto news = conclude(check);
    if (const auto status =
            keep(around_.store, check, news, deployments, prune ? std::optional(oldest) : std::nullopt);
        !status)
        return fail(status.error().with_prefix("the check could not be stored, so it does not count"));
    for (const decide::Assessment& service : check.services)
        known_[service.service.name] = {.state = service.verdict.next,
                                        .outcome = outcome_of(service.verdict, check.dry_run),
                                        .seen_at = check.at};
    if (prune) {
        std::erase_if(known_, [&](const auto& one) { return one.second.seen_at < oldest; });
        pruned_ = check.at;
    }
    if (!deployments.empty()) around_.deployer->wake();
    on_decisions_(news);
    return {};
}

}  // namespace rm::app
