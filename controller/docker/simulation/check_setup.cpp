// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/check_setup.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "docker/json.h"
#include "docker/simulation/signals.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

constexpr ApiVersion first_with_several_networks{.major = 1, .minor = 44};
constexpr std::int64_t least_time = 1'000'000;  // nanoseconds

Status check_auto_remove(const json::object& host) {
    const auto removes = flag_at(host, "AutoRemove");
    if (!removes) return fail(removes.error());
    const auto policy = object_at(host, "RestartPolicy");
    if (!policy) return fail(policy.error());
    const auto name = text_or_empty(**policy, "Name");
    if (!name) return fail(name.error());
    if (*removes && !name->empty() && *name != "no")
        return fail(ErrorCode::invalid, "can't create 'AutoRemove' container with restart policy");
    return check_restart_policy(**policy);
}

Status check_stop_signal(const json::object& config) {
    const auto signal = text_or_empty(config, "StopSignal");
    if (!signal) return fail(signal.error());
    if (!signal->empty() && !signal_number(*signal))
        return fail(ErrorCode::invalid, "Invalid signal: {}", *signal);
    return {};
}

Status check_health_check(const json::object& config) {
    const auto check = object_at(config, "Healthcheck");
    if (!check) return fail(check.error());
    for (const std::string_view name : {"Interval", "Timeout", "StartPeriod", "StartInterval"}) {
        const auto time = integer_at(**check, name);
        if (!time) return fail(time.error());
        if (time->value_or(0) != 0 && **time < least_time)
            return fail(ErrorCode::invalid, "{} in Healthcheck cannot be less than 1ms", name);
    }
    const auto retries = integer_at(**check, "Retries");
    if (!retries) return fail(retries.error());
    if (retries->value_or(0) < 0)
        return fail(ErrorCode::invalid, "Retries in Healthcheck cannot be negative");
    return {};
}

Status check_networks(const SimulatedSetup& setup, ApiVersion api) {
    if (setup.endpoints.size() > 1 && api < first_with_several_networks) {
        std::string names;
        for (const auto& [name, endpoint] : setup.endpoints)
            names += (names.empty() ? "" : ", ") + std::string(name);
        return fail(ErrorCode::invalid, "Container cannot be connected to network endpoints: {}", names);
    }
    const auto mode = text_or_empty(setup.host, "NetworkMode");
    const auto hostname = text_or_empty(setup.config, "Hostname");
    if (mode && hostname && mode->starts_with("container:") && !hostname->empty())
        return fail(ErrorCode::invalid, "conflicting options: hostname and the network mode");
    return {};
}

Status check_ports(const SimulatedSetup& setup) {
    const auto ports = host_ports(setup);
    if (!ports) return fail(ports.error());
    return {};
}

}  // namespace

Status check_restart_policy(const json::object& policy) {
    const auto name = text_or_empty(policy, "Name");
    if (!name) return fail(name.error());
    const auto retries = integer_at(policy, "MaximumRetryCount");
    if (!retries) return fail(retries.error());
    constexpr std::array<std::string_view, 5> known{"", "no", "always", "unless-stopped", "on-failure"};
    if (std::ranges::find(known, *name) == known.end())
        return fail(ErrorCode::invalid, "invalid restart policy '{}'", *name);
    if (retries->value_or(0) < 0) return fail(ErrorCode::invalid, "maximum retry count cannot be negative");
    if (retries->value_or(0) != 0 && *name != "on-failure")
        return fail(ErrorCode::invalid, "maximum retry count cannot be used with restart policy '{}'", *name);
    return {};
}

Status check_setup(const SimulatedSetup& setup, ApiVersion api) {
    if (auto checked = check_auto_remove(setup.host); !checked) return checked;
    if (auto checked = check_stop_signal(setup.config); !checked) return checked;
    if (auto checked = check_health_check(setup.config); !checked) return checked;
    if (auto checked = check_networks(setup, api); !checked) return checked;
    return check_ports(setup);
}

}  // namespace rm::docker
