// SPDX-License-Identifier: Apache-2.0
#include "app/override_keeper.h"

#include <algorithm>
#include <utility>

#include "app/keep_going.h"
#include "app/reconcile/assemble.h"
#include "app/reconcile/survey.h"

namespace rm::app {

OverrideKeeper::OverrideKeeper(const With& with)
    : with_(with),
      file_(with.registry, with.health),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void OverrideKeeper::stands(bool at_work) {
    const std::scoped_lock lock(mutex_);
    look_ = look_ || (at_work && !at_work_);
    at_work_ = at_work;
    news_.notify_all();
}

void OverrideKeeper::deployment_ended() {
    const std::scoped_lock lock(mutex_);
    ended_ = with_.clock.now().wall;
    look_ = true;
    news_.notify_all();
}

void OverrideKeeper::checked(std::shared_ptr<const decide::Check> check) {
    if (!check->problem.empty()) return;
    const std::scoped_lock lock(mutex_);
    // One that began before a deployment ended may have seen the limits from before it, and a service that
    // could not be looked at must not fall out of the file.
    const bool is_whole = std::ranges::none_of(
        check->faults, [](const Fault& fault) { return fault.what.starts_with("engine_"); });
    if (!is_whole || (ended_ && check->at <= *ended_)) {
        look_ = true;
    } else {
        check_ = std::move(check);
    }
    news_.notify_all();
}

void OverrideKeeper::run(const std::stop_token& stop) {
    for (;;) {
        std::shared_ptr<const decide::Check> check;
        {
            std::unique_lock lock(mutex_);
            const bool any = news_.wait(lock, stop, [this] { return at_work_ && (look_ || check_); });
            if (!any || stop.stop_requested()) return;
            check = std::exchange(check_, nullptr);
            if (std::exchange(look_, false)) check.reset();
        }
        keep_going("the override file", [&] { update(check, stop); });
    }
}

void OverrideKeeper::update(const std::shared_ptr<const decide::Check>& check, const std::stop_token& stop) {
    const auto config = with_.live.current();
    const bool wanted = !(*config)->deployment.write_override.empty() && !(*config)->monitoring.dry_run;
    if (check || !wanted) {
        file_.update(*config, check ? *check : decide::Check());
        return;
    }
    const auto seen = limits_now(with_.engine, *config, with_.clock.now().wall, stop);
    if (stop.stop_requested()) return;
    if (seen)
        file_.update(*config, *seen);
    else
        file_.tell_trouble(seen.error().message);
}

Result<decide::Check> limits_now(docker::Engine& engine, const config::Config& config, WallTime now,
                                 const std::stop_token& stop) {
    const auto seen = survey(engine, stop);
    if (!seen) return fail(seen.error());
    decide::Check check;
    check.at = now;
    for (const FoundService& one : seen->services)
        if (!one.unknown.empty()) return fail(ErrorCode::unavailable, "{}: {}", print(one.name), one.unknown);
    for (Assembled& one : assemble(*seen, {}, {}, {}, config))
        check.services.push_back({.shown_as = std::move(one.shown_as),
                                  .service = std::move(one.service),
                                  .policy = std::move(one.policy),
                                  .verdict = {}});
    return check;
}

}  // namespace rm::app
