// SPDX-License-Identifier: Apache-2.0
#include "deploy/hook.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "core/text.h"
#include "net/subprocess.h"

namespace rm::deploy {
namespace {

constexpr Duration hook_limit = std::chrono::minutes(5);
constexpr Duration script_limit = std::chrono::minutes(30);
constexpr std::size_t most_output = std::size_t{16} << 10;
constexpr std::array<std::string_view, 8> inherited{"PATH", "HOME",   "TZ",          "LANG",
                                                    "USER", "TMPDIR", "DOCKER_HOST", "LOGNAME"};

struct Event {
    Act act;
    std::string_view name;
};

constexpr std::array events{Event{.act = Act::before_hook, .name = "before"},
                            Event{.act = Act::healthy_hook, .name = "after_healthy"},
                            Event{.act = Act::switch_hook, .name = "switch"},
                            Event{.act = Act::begin_drain, .name = "drain"},
                            Event{.act = Act::end_drain, .name = "undrain"},
                            Event{.act = Act::after_hook, .name = "after"},
                            Event{.act = Act::rollback_hook, .name = "on_rollback"},
                            Event{.act = Act::run_script, .name = "script"}};

std::string event_of(Act act) {
    const auto* const found = std::ranges::find(events, act, &Event::act);
    return found == events.end() ? std::string() : std::string(found->name);
}

std::string cpu_of(const Limits& limits) {
    return limits.cpu ? print(*limits.cpu) : "unlimited";
}

std::string memory_of(const Limits& limits) {
    return limits.memory ? print(*limits.memory) : "unlimited";
}

net::Environment environment_of(Act act, const Deployment& deployment) {
    net::Environment environment = net::pick(net::current_environment(), inherited);
    const auto set = [&](std::string_view name, std::string value) {
        environment.insert_or_assign(fmt::format("RESOURCE_MANAGER_{}", name), std::move(value));
    };
    set("SERVICE", print(deployment.service));
    set("DEPLOYMENT", std::to_string(deployment.id));
    set("EVENT", event_of(act));
    set("CPU", cpu_of(deployment.to));
    set("MEMORY", memory_of(deployment.to));
    if (deployment.current >= deployment.replicas.size()) return environment;
    const Replacement& replica = deployment.replicas[deployment.current];
    set("OLD_NAME", replica.blue_name);
    set("OLD_ID", replica.blue.full());
    set("NEW_NAME", replica.green_name);
    set("NEW_ID", replica.green ? replica.green->full() : std::string());
    return environment;
}

Result<std::string> run(net::Command command, const std::stop_token& stop) {
    command.output_cap = most_output;
    const auto outcome = net::run(command, stop);
    if (!outcome) return fail(outcome.error());
    if (auto ended = net::succeeded(command, *outcome); !ended) return fail(std::move(ended).error());
    return std::string(trimmed(outcome->out, " \n\r\t"));
}

/// True when it stood there.
bool fill_in(std::string& text, std::string_view name, const std::string& value) {
    bool found = false;
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) {
        text.replace(at, name.size(), value);
        found = true;
    }
    return found;
}

}  // namespace

Result<std::string> run_hook(const config::Argv& argv, Act act, const Deployment& deployment,
                             const std::stop_token& stop) {
    return run({.argv = argv, .environment = environment_of(act, deployment), .deadline = hook_limit}, stop);
}

Result<std::string> run_script(const config::Argv& argv, const Deployment& deployment,
                               const std::stop_token& stop) {
    const std::string service = print(deployment.service);
    const std::string cpu = cpu_of(deployment.to);
    const std::string memory = memory_of(deployment.to);
    config::Argv filled = argv;
    bool named = false;
    for (std::string& argument : filled) {
        named |= fill_in(argument, "{service}", service);
        named |= fill_in(argument, "{cpu}", cpu);
        named |= fill_in(argument, "{memory}", memory);
    }
    if (!named)
        for (const std::string& argument : {service, cpu, memory}) filled.push_back(argument);
    return run({.argv = std::move(filled),
                .environment = environment_of(Act::run_script, deployment),
                .deadline = script_limit},
               stop);
}

}  // namespace rm::deploy
