// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/document.h"

#include <string>
#include <string_view>

#include "docker/simulation/defaults.h"
#include "docker/timestamp.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

constexpr std::string_view never = "0001-01-01T00:00:00Z";
constexpr int some_pid = 4242;

std::string print(const std::optional<WallTime>& time) {
    return time ? print_timestamp(*time) : std::string(never);
}

json::object health_of(const SimulatedContainer& container) {
    json::array log;
    for (const SimulatedHealth::Probe& probe : container.health().log())
        log.push_back({{"Start", print_timestamp(probe.at)},
                       {"End", print_timestamp(probe.at)},
                       {"ExitCode", probe.outcome.exit_code},
                       {"Output", probe.outcome.output}});
    return {{"Status", to_string(container.health().state())},
            {"FailingStreak", container.health().failing_streak()},
            {"Log", std::move(log)}};
}

json::object state_of(const SimulatedContainer& container) {
    const Container& shown = container.shown();
    json::object state{{"Status", to_string(shown.state)},
                       {"Running", container.is_up()},
                       {"Paused", false},
                       {"Restarting", shown.state == ContainerState::restarting},
                       {"OOMKilled", shown.oom_killed},
                       {"Dead", false},
                       {"Pid", container.runs() ? some_pid : 0},
                       {"ExitCode", shown.exit_code},
                       {"Error", container.error()},
                       {"StartedAt", print(shown.started_at)},
                       {"FinishedAt", print(shown.finished_at)}};
    if (shown.health != HealthState::none) state["Health"] = health_of(container);
    return state;
}

/// Its settings, and while it runs its place there.
json::object network_of(const SimulatedContainer& container, const std::string& name,
                        const json::value& settings) {
    json::object network = overlaid(default_endpoint(), settings.as_object());
    const auto joined = container.joined().find(name);
    if (joined == container.joined().end()) return network;
    const SimulatedEndpoint& endpoint = joined->second;
    network["NetworkID"] = endpoint.network_id;
    if (!container.runs()) return network;
    network["EndpointID"] = endpoint.endpoint_id;
    network["Gateway"] = endpoint.gateway;
    network["IPAddress"] = endpoint.address;
    network["IPPrefixLen"] = endpoint.address.empty() ? 0 : SimulatedNetworks::prefix_length;
    network["MacAddress"] = endpoint.mac;
    return network;
}

json::object ports_of(const SimulatedContainer& container) {
    json::object ports;
    if (!container.runs()) return ports;
    const json::value* exposed = container.setup().config.if_contains("ExposedPorts");
    if (exposed != nullptr && exposed->is_object())
        for (const auto& [port, nothing] : exposed->get_object()) ports[port] = nullptr;
    for (const HostPort& port : container.ports()) {
        json::value& bindings = ports[port.container_port];
        if (!bindings.is_array()) bindings.emplace_array();
        bindings.get_array().push_back({{"HostIp", port.address.empty() ? "0.0.0.0" : port.address},
                                        {"HostPort", std::to_string(port.port)}});
    }
    return ports;
}

json::object network_settings_of(const SimulatedContainer& container) {
    json::object networks;
    for (const auto& [name, settings] : container.setup().endpoints)
        networks[name] = network_of(container, name, settings);
    json::object settings{{"Bridge", ""}, {"Ports", ports_of(container)}};
    // The default network's place is told twice.
    const json::value* bridge = networks.if_contains("bridge");
    for (const std::string_view name : {"EndpointID", "Gateway", "IPAddress", "IPPrefixLen", "MacAddress"})
        settings[name] = bridge == nullptr ? default_endpoint().at(name) : bridge->at(name);
    settings["Networks"] = std::move(networks);
    return settings;
}

/// What is run: the entrypoint, and the command behind it.
json::array command_of(const json::object& config) {
    json::array words;
    for (const std::string_view name : {"Entrypoint", "Cmd"})
        if (const json::value* part = config.if_contains(name); part != nullptr && part->is_array())
            words.insert(words.end(), part->get_array().begin(), part->get_array().end());
    return words;
}

}  // namespace

json::object document_of(const SimulatedContainer& container) {
    const Container& shown = container.shown();
    json::array arguments = command_of(container.setup().config);
    json::value path = "";
    if (!arguments.empty()) {
        path = arguments.front();
        arguments.erase(arguments.begin());
    }
    return {{"Id", shown.id.full()},
            {"Created", print_timestamp(shown.created_at)},
            {"Path", std::move(path)},
            {"Args", std::move(arguments)},
            {"State", state_of(container)},
            {"Image", shown.image_id},
            {"Name", "/" + shown.name},
            {"RestartCount", shown.restart_count},
            {"Driver", "overlay2"},
            {"Platform", "linux"},
            {"MountLabel", ""},
            {"ProcessLabel", ""},
            {"AppArmorProfile", ""},
            {"ExecIDs", nullptr},
            {"HostConfig", container.setup().host},
            {"Mounts", container.setup().mounts},
            {"Config", container.setup().config},
            {"NetworkSettings", network_settings_of(container)}};
}

}  // namespace rm::docker
