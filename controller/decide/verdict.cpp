// SPDX-License-Identifier: Apache-2.0
#include "decide/verdict.h"

#include <algorithm>

namespace rm::decide {

std::string_view to_string(Gate gate) {
    switch (gate) {
        case Gate::managed:
            return "managed";
        case Gate::paused:
            return "paused";
        case Gate::deployment:
            return "deployment";
        case Gate::data:
            return "data";
        case Gate::uptime:
            return "uptime";
        case Gate::hysteresis:
            return "hysteresis";
        case Gate::service_class:
            return "service_class";
        case Gate::direction:
            return "direction";
        case Gate::trend:
            return "trend";
        case Gate::cooldown:
            return "cooldown";
        case Gate::backoff:
            return "backoff";
        case Gate::daily_limit:
            return "daily_limit";
        case Gate::bounds:
            return "bounds";
        case Gate::minimum_change:
            return "minimum_change";
        case Gate::host_capacity:
            return "host_capacity";
        case Gate::maintenance_window:
            return "maintenance_window";
    }
    return "unknown";
}

std::string_view to_string(Resource resource) {
    return resource == Resource::cpu ? "cpu" : "memory";
}

std::string_view to_string(Wish wish) {
    switch (wish) {
        case Wish::keep:
            return "keep";
        case Wish::raise:
            return "raise";
        case Wish::lower:
            return "lower";
    }
    return "unknown";
}

std::string_view to_string(Outcome outcome) {
    switch (outcome) {
        case Outcome::passed:
            return "passed";
        case Outcome::held:
            return "held";
        case Outcome::idle:
            return "idle";
    }
    return "unknown";
}

const GateReport* first_held(const Verdict& verdict) {
    const auto found = std::ranges::find(verdict.gates, Outcome::held, &GateReport::outcome);
    return found == verdict.gates.end() ? nullptr : &*found;
}

}  // namespace rm::decide
