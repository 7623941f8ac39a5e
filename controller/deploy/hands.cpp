// SPDX-License-Identifier: Apache-2.0
#include "deploy/hands.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "deploy/drain.h"
#include "deploy/haproxy.h"
#include "deploy/hook.h"
#include "deploy/probe.h"
#include "deploy/verify.h"

namespace rm::deploy {
namespace {

using docker::Container;

struct AtBlue {
    Act act;
    Status (*at)(docker::Engine& engine, const Container& blue, const Task& task,
                 const std::stop_token& stop);
};

constexpr std::array changes_of_blue{
    AtBlue{.act = Act::pin_blue,
           .at =
               [](docker::Engine& engine, const Container& blue, const Task&, const std::stop_token& stop) {
                   return engine.update(blue.id, {.restart = docker::RestartRule{}}, stop);
               }},
    AtBlue{
        .act = Act::unpin_blue,
        .at =
            [](docker::Engine& engine, const Container& blue, const Task& task, const std::stop_token& stop) {
                return engine.update(blue.id, {.restart = task.replica().blue_restart}, stop);
            }},
    AtBlue{.act = Act::signal_blue,
           .at = [](docker::Engine& engine, const Container& blue, const Task&,
                    const std::stop_token& stop) { return engine.signal(blue.id, blue.stop.signal, stop); }},
    AtBlue{.act = Act::kill_blue,
           .at = [](docker::Engine& engine, const Container& blue, const Task&,
                    const std::stop_token& stop) { return engine.signal(blue.id, "SIGKILL", stop); }},
    AtBlue{
        .act = Act::rename_blue,
        .at =
            [](docker::Engine& engine, const Container& blue, const Task& task, const std::stop_token& stop) {
                return engine.rename(blue.id, task.replica().final_name + ".old." + task.deployment.token,
                                     stop);
            }},
    AtBlue{
        .act = Act::restore_name,
        .at =
            [](docker::Engine& engine, const Container& blue, const Task& task, const std::stop_token& stop) {
                return engine.rename(blue.id, task.replica().blue_name, stop);
            }},
    AtBlue{.act = Act::remove_blue,
           .at =
               [](docker::Engine& engine, const Container& blue, const Task&, const std::stop_token& stop) {
                   return engine.remove(blue.id, docker::Removal::forced, stop);
               }},
    AtBlue{.act = Act::start_blue,
           .at = [](docker::Engine& engine, const Container& blue, const Task&,
                    const std::stop_token& stop) { return engine.start(blue.id, stop); }},
    AtBlue{
        .act = Act::change_limits,
        .at = [](docker::Engine& engine, const Container& blue, const Task& task,
                 const std::stop_token& stop) { return engine.update(blue.id, task.action.update, stop); }},
};

struct HookAt {
    Act act;
    config::Argv config::Hooks::* hook;
};

constexpr std::array hooks{
    HookAt{.act = Act::before_hook, .hook = &config::Hooks::before},
    HookAt{.act = Act::healthy_hook, .hook = &config::Hooks::after_healthy},
    HookAt{.act = Act::switch_hook, .hook = &config::Hooks::switch_over},
    HookAt{.act = Act::after_hook, .hook = &config::Hooks::after},
    HookAt{.act = Act::rollback_hook, .hook = &config::Hooks::on_rollback},
};

/// What there is to tell of both.
Result<std::string> with_hook(std::string ours, Result<std::string> hook) {
    if (!hook || ours.empty()) return hook;
    if (!hook->empty()) ours += "; " + *hook;
    return ours;
}

}  // namespace

Result<std::string> Hands::perform(const Task& task, const std::stop_token& stop) {
    const Act act = task.action.act;
    if (act == Act::run_script) return run_script(task.policy.deployment.script, task.deployment, stop);
    if (const auto* const hook = std::ranges::find(hooks, act, &HookAt::act); hook != hooks.end())
        return run_hook(task.policy.deployment.hooks.*(hook->hook), act, task.deployment, stop);
    if (act == Act::create_green) return create_green(task, stop);
    const bool is_of_blue = act == Act::probe_blue || act == Act::begin_drain || act == Act::end_drain ||
                            std::ranges::find(changes_of_blue, act, &AtBlue::act) != changes_of_blue.end();
    if (is_of_blue) return at_blue(task, stop);
    return at_green(task, stop);
}

Result<std::string> Hands::at_blue(const Task& task, const std::stop_token& stop) {
    if (!task.sight.blue) return fail(ErrorCode::not_found, "{} is gone", task.replica().blue_name);
    const Container& blue = *task.sight.blue;
    const Act act = task.action.act;
    if (act == Act::probe_blue) return probe(engine_, blue, task.policy.deployment, stop);
    if (act == Act::begin_drain) return drain_blue(task, stop);
    if (act == Act::end_drain) return undrain_blue(task, stop);
    const auto* const found = std::ranges::find(changes_of_blue, act, &AtBlue::act);
    if (auto done = found->at(engine_, blue, task, stop); !done) return fail(std::move(done).error());
    if (act == Act::remove_blue) tidy_up(task, stop);
    return blue.name;
}

/// Ours first: what a hook did is hard to take back when ours can't be done.
Result<std::string> Hands::drain_blue(const Task& task, const std::stop_token& stop) {
    const config::Deployment& wanted = task.policy.deployment;
    auto done = begin_drain(engine_, *task.sight.blue, wanted, stop);
    if (!done || wanted.hooks.drain.empty()) return done;
    return with_hook(*std::move(done), run_hook(wanted.hooks.drain, Act::begin_drain, task.deployment, stop));
}

Result<std::string> Hands::undrain_blue(const Task& task, const std::stop_token& stop) {
    const config::Deployment& wanted = task.policy.deployment;
    auto done = end_drain(engine_, *task.sight.blue, wanted, stop);
    if (!done || wanted.hooks.drain.empty()) return done;
    return with_hook(*std::move(done), run_hook(wanted.hooks.drain, Act::end_drain, task.deployment, stop));
}

/// The next deployment would do it, too: whether it works now does not matter.
void Hands::tidy_up(const Task& task, const std::stop_token& stop) {
    const config::Deployment& wanted = task.policy.deployment;
    if (wanted.drain_by != config::DrainBy::haproxy) return;
    // A green that is gone has its slot until DNS knows of it: requests would go there.
    const Slots slots = task.action.act == Act::remove_green ? Slots::without_address : Slots::all;
    static_cast<void>(free_slots(wanted.haproxy, stop, slots));
}

/// Docker's DNS has its address before it serves.
Status Hands::start_green(const Task& task, const std::stop_token& stop) {
    const config::Deployment& wanted = task.policy.deployment;
    if (wanted.drain_by == config::DrainBy::haproxy)
        if (auto held = hold_slots(wanted.haproxy, stop); !held) return held;
    return engine_.start(task.sight.green->id, stop);
}

Result<std::string> Hands::at_green(const Task& task, const std::stop_token& stop) {
    if (!task.sight.green) return fail(ErrorCode::not_found, "{} is gone", task.replica().green_name);
    const Act act = task.action.act;
    if (act == Act::furnish_green) return furnish_green(task, stop);
    if (act == Act::keep_evidence) return keep_evidence(task, stop);
    const Container& green = *task.sight.green;
    if (act == Act::probe_green) return probe(engine_, green, task.policy.deployment, stop);
    if (act == Act::verify_green)
        return verify_outside(engine_, task.sight.blue, green, task.policy.deployment, stop);
    Status done = fail(ErrorCode::unsupported, "this can't be done yet");
    if (act == Act::start_green) done = start_green(task, stop);
    if (act == Act::rename_green) done = engine_.rename(green.id, task.replica().final_name, stop);
    if (act == Act::remove_green) done = engine_.remove(green.id, docker::Removal::forced, stop);
    if (!done) return fail(std::move(done).error());
    if (act == Act::remove_green) tidy_up(task, stop);
    return act == Act::rename_green ? task.replica().final_name : green.name;
}

}  // namespace rm::deploy
