// SPDX-License-Identifier: Apache-2.0
#include "deploy/hands.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "deploy/hook.h"

namespace rm::deploy {
namespace {

using docker::Container;

struct AtBlue {
    Act act;
    Status (*at)(docker::Engine& engine, const Container& blue, const Task& task,
                 const std::stop_token& stop);
};

constexpr std::array at_blue{
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
    HookAt{.act = Act::begin_drain, .hook = &config::Hooks::drain},
    HookAt{.act = Act::end_drain, .hook = &config::Hooks::drain},
    HookAt{.act = Act::after_hook, .hook = &config::Hooks::after},
    HookAt{.act = Act::rollback_hook, .hook = &config::Hooks::on_rollback},
};

}  // namespace

Result<std::string> Hands::perform(const Task& task, const std::stop_token& stop) {
    const Act act = task.action.act;
    if (act == Act::run_script) return run_script(task.policy.deployment.script, task.deployment, stop);
    if (const auto* const hook = std::ranges::find(hooks, act, &HookAt::act); hook != hooks.end())
        return run_hook(task.policy.deployment.hooks.*(hook->hook), act, task.deployment, stop);
    if (act == Act::create_green) return create_green(task, stop);
    if (const auto* const found = std::ranges::find(at_blue, act, &AtBlue::act); found != at_blue.end()) {
        if (!task.sight.blue) return fail(ErrorCode::not_found, "{} is gone", task.replica().blue_name);
        if (auto done = found->at(engine_, *task.sight.blue, task, stop); !done)
            return fail(std::move(done).error());
        return task.sight.blue->name;
    }
    return at_green(task, stop);
}

Result<std::string> Hands::at_green(const Task& task, const std::stop_token& stop) {
    if (!task.sight.green) return fail(ErrorCode::not_found, "{} is gone", task.replica().green_name);
    const Act act = task.action.act;
    if (act == Act::furnish_green) return furnish_green(task, stop);
    if (act == Act::keep_evidence) return keep_evidence(task, stop);
    const Container& green = *task.sight.green;
    Status done = fail(ErrorCode::unsupported, "this can't be done yet");
    if (act == Act::start_green) done = engine_.start(green.id, stop);
    if (act == Act::rename_green) done = engine_.rename(green.id, task.replica().final_name, stop);
    if (act == Act::remove_green) done = engine_.remove(green.id, docker::Removal::forced, stop);
    if (!done) return fail(std::move(done).error());
    return act == Act::rename_green ? task.replica().final_name : green.name;
}

}  // namespace rm::deploy
