// SPDX-License-Identifier: Apache-2.0
#include "deploy/drive.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "deploy/in_place_stages.h"
#include "store/deployments.h"

namespace rm::deploy {
namespace {

using docker::Container;
using docker::ContainerState;

constexpr Duration first_rest{500};
constexpr Duration longest_rest = std::chrono::seconds(15);

Duration since(SteadyTime then, SteadyTime now) {
    return std::chrono::duration_cast<Duration>(now - then);
}

/// `create the new container: shop-web-2 (3f1c...)`
std::string line_of(Act act, const Result<std::string>& done) {
    if (!done) return fmt::format("could not {}: {}", to_string(act), done.error().message);
    if (done->empty() || act == Act::keep_evidence) return std::string(to_string(act));
    return fmt::format("{}: {}", to_string(act), *done);
}

}  // namespace

Drive::Drive(Equipment equipment, Deployment deployment)
    : with_(std::move(equipment)),
      deployment_(std::move(deployment)),
      replica_(deployment_.current),
      stage_(deployment_.replicas[deployment_.current].stage),
      stage_since_(with_.clock.now().steady) {}

Duration Drive::step(const config::ServicePolicy& policy, const std::stop_token& stop) {
    if (ended_) return {};
    const auto sight = look(with_.engine, deployment_, stop);
    if (!sight) return trouble(sight.error(), "the engine");
    const Instant now = with_.clock.now();
    const Terms terms = terms_of(policy, sight->blue ? &*sight->blue : nullptr);
    observe(*sight, terms, now.steady);
    Step step = advance(deployment_, *sight, watch(now.steady), terms);
    if (auto written = write(std::move(step.next), now); !written)
        return trouble(written.error(), "the store");
    troubles_ = 0;
    waits_for_.clear();
    if (const auto* const action = std::get_if<Action>(&step.todo)) {
        act(*action, *sight, policy, stop);
        return {};
    }
    if (auto* const wait = std::get_if<Wait>(&step.todo)) {
        waits_for_ = std::move(wait->for_what);
        return wait->look_again;
    }
    ended_ = true;
    return {};
}

/// What was seen counts only while it is seen again and again.
void Drive::observe(const Sight& sight, const Terms& terms, SteadyTime now) {
    const auto follow = [now](std::optional<Run>& run, const std::optional<Container>& container) {
        if (!container || container->state != ContainerState::running) {
            run.reset();
        } else if (!run || run->started_at != container->started_at ||
                   run->restarts != container->restart_count) {
            run =
                Run{.started_at = container->started_at, .restarts = container->restart_count, .since = now};
        }
    };
    follow(green_run_, sight.green);
    follow(blue_run_, sight.blue);
    std::map<ContainerId, std::optional<Run>> runs;
    for (const Container& replica : sight.replicas) {
        std::optional<Run>& run = runs[replica.id] = replica_runs_[replica.id];
        follow(run, replica);
    }
    replica_runs_ = std::move(runs);
    const Watch seen = watch(now);
    const bool good =
        sight.green && fitness_of(*sight.green, terms, seen.green_runs, seen.did(Act::probe_green)).kind ==
                           Fitness::Kind::good;
    const auto keep = [now](std::optional<SteadyTime>& since, bool still) {
        if (!still)
            since.reset();
        else if (!since)
            since = now;
    };
    keep(green_good_since_, good);
    keep(blue_good_since_,
         sight.blue && fitness_in_place(*sight.blue, terms, seen).kind == Fitness::Kind::good);
}

Watch Drive::watch(SteadyTime now) const {
    Watch watch{.in_stage = since(stage_since_, now)};
    for (const auto& [act, tried] : tried_)
        watch.attempts.emplace(
            act, Attempts{.count = tried.count, .ago = since(tried.at, now), .error = tried.error});
    if (green_good_since_) watch.green_good = since(*green_good_since_, now);
    if (blue_good_since_) watch.blue_good = since(*blue_good_since_, now);
    for (const auto& [id, run] : replica_runs_)
        if (run) watch.runs.emplace(id, since(run->since, now));
    if (green_run_) watch.green_runs = since(green_run_->since, now);
    if (blue_run_) watch.blue_runs = since(blue_run_->since, now);
    return watch;
}

/// Nothing is done before it stands in the journal.
Status Drive::write(Deployment next, Instant now) {
    const Phase before = phase_of(deployment_);
    const Phase after = phase_of(next);
    if (next == deployment_ && !changed_ && notes_.empty()) return {};
    if (after != before) next.phase_since = now.wall;
    if (next.outcome != Outcome::under_way && !next.finished_at) next.finished_at = now.wall;
    const Replacement& was =
        deployment_.replicas[std::min(deployment_.current, deployment_.replicas.size() - 1)];
    const Replacement& is = next.replicas[std::min(next.current, next.replicas.size() - 1)];
    std::vector<std::string> lines = notes_;
    if (was.failure != is.failure && !is.failure.empty() && was.blue == is.blue)
        lines.push_back("going back: " + is.failure);
    if (next.finished_at) lines.emplace_back(to_string(next.outcome));
    if (auto written = journal(next, lines, now.wall); !written) return written;
    for (const std::string& line : lines)
        if (with_.tell && std::ranges::find(notes_, line) == notes_.end()) with_.tell(next, line);
    notes_.clear();
    changed_ = false;
    deployment_ = std::move(next);
    if (deployment_.outcome != Outcome::under_way) return {};
    enter_stage(now.steady);
    return {};
}

/// Adds to `lines` what followed from the end. What was done before belongs to the phase it was done in.
Status Drive::journal(const Deployment& next, std::vector<std::string>& lines, WallTime now) {
    const std::size_t before = lines.size();
    const Phase was = phase_of(deployment_);
    const Phase is = phase_of(next);
    return with_.store.transaction([&](store::Session& session) -> Status {
        lines.resize(before);
        if (auto put = store::put(session, to_row(next)); !put) return put;
        if (next.finished_at && with_.at_end) {
            auto followed = with_.at_end(session, next);
            if (!followed) return fail(std::move(followed).error());
            if (!followed->empty()) lines.push_back(*std::move(followed));
        }
        const auto add = [&](Phase phase, const std::string& message) {
            return store::add(session, {.deployment = next.id,
                                        .at = now,
                                        .phase = std::string(to_string(phase)),
                                        .message = message});
        };
        for (std::size_t i = 0; i < lines.size(); ++i) {
            if (i == notes_.size() && is != was)
                if (auto added = add(is, {}); !added) return added;
            if (auto added = add(i < notes_.size() ? was : is, lines[i]); !added) return added;
        }
        if (lines.size() == notes_.size() && is != was) return add(is, {});
        return {};
    });
}

/// What is known of a stage begins anew with it.
void Drive::enter_stage(SteadyTime now) {
    const Stage stage = deployment_.replicas[deployment_.current].stage;
    if (deployment_.current == replica_ && stage == stage_) return;
    if (deployment_.current != replica_) {
        green_good_since_.reset();
        blue_good_since_.reset();
    }
    replica_ = deployment_.current;
    stage_ = stage;
    stage_since_ = now;
    tried_.clear();
}

void Drive::act(const Action& action, const Sight& sight, const config::ServicePolicy& policy,
                const std::stop_token& stop) {
    const auto done = with_.hands.perform(
        {.action = action, .deployment = deployment_, .sight = sight, .policy = policy}, stop);
    Tried& tried = tried_[action.act];
    ++tried.count;
    tried.at = with_.clock.now().steady;
    tried.error = done ? std::nullopt : std::optional(done.error());
    if (action.act == Act::keep_evidence && done && !done->empty()) {
        deployment_.replicas[deployment_.current].failure += "; " + *done;
        changed_ = true;
    }
    note(line_of(action.act, done));
}

void Drive::note(std::string message) {
    if (with_.tell) with_.tell(deployment_, message);
    notes_.push_back(std::move(message));
}

Duration Drive::trouble(const Error& error, std::string_view with) {
    waits_for_ = fmt::format("{}: {}", with, error.message);
    if (troubles_ == 0 && with_.tell) with_.tell(deployment_, "waits for " + waits_for_);
    Duration pause = first_rest;
    for (int i = 0; i < troubles_ && pause < longest_rest; ++i) pause *= 2;
    ++troubles_;
    return std::min(pause, longest_rest);
}

}  // namespace rm::deploy
