// SPDX-License-Identifier: Apache-2.0
// Verdict: everything about one decision. Who asks "why was nothing done?" reads the same value as who asks
// "why was this done?".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/limits.h"
#include "core/ratio.h"
#include "core/usage.h"
#include "decide/state.h"

namespace rm::decide {

enum class Resource { cpu, memory };
enum class Wish { keep, raise, lower };

/// The gates, in the order in which they are reported. All of them are looked at in every check.
enum class Gate {
    managed,             // the service is one of ours
    paused,              // nobody paused it
    deployment,          // none of it is under way, and one could be begun
    data,                // its usage is known
    uptime,              // every replica has run long enough
    hysteresis,          // enough checks in a row agree
    service_class,       // a critical service is never reduced, nor below its baseline
    direction,           // the service may move this way
    trend,               // the longer history agrees with a decrease
    cooldown,            // the last adjustment is long enough ago
    backoff,             // the last deployment did not come to nothing, or that is long enough ago
    daily_limit,         // there were not too many today
    bounds,              // the new value lies within the bounds, and the bounds leave room
    minimum_change,      // the change is worth a deployment
    host_capacity,       // the new replica fits beside the old one
    maintenance_window,  // now is the time
};

/// `daily_limit`; stable, a label of metrics and a code in the API.
std::string_view to_string(Gate gate);
std::string_view to_string(Resource resource);
std::string_view to_string(Wish wish);

enum class Outcome {
    passed,
    held,
    idle  // there was nothing to let pass
};

std::string_view to_string(Outcome outcome);

/// The gates data, hysteresis, service_class, direction, trend, bounds, minimum_change and host_capacity
/// report once per resource, CPU first, and let its change pass or drop it. The others report once for the
/// service; such a gate holds when it lets nothing pass. Where it lets only one of two changes pass, it
/// passed, and its reason names the one that waits.
struct GateReport {
    Gate gate;
    std::optional<Resource> resource;  // nothing: it is about the service as a whole
    Outcome outcome = Outcome::idle;
    std::string reason;  // a sentence with the numbers: "CPU was above 80% in 2 of 3 checks"
    std::string remedy;  // for one that held: what would change it; may be empty
};

/// One resource of one replica, as seen.
struct Signal {
    Resource resource{};
    std::size_t replica = 0;        // its place among the service's replicas, which have usage and limits
    std::optional<Ratio> of_limit;  // of the limit in force; nothing without one or without data
    std::optional<Gap> gap;         // why its usage is not known
};

/// What limits should become. A resource that stays has the same value in both.
/// `clamped_*` and `*_ceiling` name what set a number in place of the usage: `bounds.cpu.max`,
/// `bounds.memory.min`, `baseline.cpu`, or `host` for what the engine's host has left.
struct Proposal {
    Limits from;
    Limits to;
    bool oom = false;  // memory was raised because of an OOM kill
    std::string clamped_cpu{};
    std::string clamped_memory{};
    std::string reason{};  // a sentence
};

/// How much a verdict tells of the gates.
enum class Words {
    all,  // what each of them said
    held  // only what those said that hold: all that the loop needs of thousands of services
};

struct Verdict {
    std::vector<Signal> signals{};
    Words words = Words::all;
    std::vector<GateReport> gates{};  // in order
    std::optional<Proposal> proposal{};
    Wish cpu = Wish::keep;  // what usage or an OOM kill asks for, before any gate
    Wish memory = Wish::keep;
    bool cpu_at_maximum = false;  // it has asked for more long enough, and a bound or the host leaves no room
    bool memory_at_maximum = false;
    std::string cpu_ceiling{};  // what leaves no room
    std::string memory_ceiling{};
    bool oom_seen = false;    // an OOM kill that was not known before
    bool drift_seen = false;  // `next.drift` is news
    bool unlimited = false;   // a resource has no limit, and none is configured to start with
    Limits in_force{};        // the limits that were decided on: the real ones, or the assumed ones
    std::string summary{};    // one sentence: what is proposed, or the first gate that held and why
    ServiceState next{};      // to be stored before anything is done
};

/// The first gate that held, in order; null if none did.
const GateReport* first_held(const Verdict& verdict);

}  // namespace rm::decide
