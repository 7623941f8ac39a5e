// SPDX-License-Identifier: Apache-2.0
// Engine: the port behind which the Docker Engine stands, as HTTP or as a simulation of the same behaviour.
// Any number of threads may call it at once. Errors: `not_found` (no such container), `permission` (a proxy
// forbids the call: the message names what it takes), `unavailable`, `timeout`, `cancelled`, `protocol`,
// `unsupported` (the engine is too old or too new).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/cores.h"
#include "core/result.h"
#include "docker/container.h"
#include "docker/stats.h"

namespace rm::docker {

struct EngineVersion {
    std::string version;           // `20.10.24`
    std::string api;               // the one in use: `1.41`
    std::string api_minimum;       // the oldest that the engine speaks
    std::string system;            // `linux/amd64`
    std::string api_maximum = {};  // the newest that the engine speaks
};

struct EngineInfo {
    std::string id;
    std::string name;  // of the host
    Cores cpus;
    Bytes memory;
    int cgroup_version = 1;
    bool swap_limit = false;
};

struct Event {
    WallTime at;
    std::string type;    // `container`
    std::string action;  // `start`, `die`, `oom`, `health_status: healthy`
    std::string actor;   // of a container: its full id
    std::map<std::string, std::string> attributes;
};

struct EventsWanted {
    std::optional<WallTime> since;     // tells what the engine still knows from then on (it keeps 256)
    std::optional<WallTime> until;     // in the past: the call ends when all was told
    std::vector<std::string> actions;  // all when empty; `health_status` is each of them, whatever the health
};

class Engine {
public:
    /// Sees one event; false ends the stream.
    using OnEvent = std::function<bool(const Event&)>;

    Engine() = default;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    Engine(Engine&&) = delete;
    Engine& operator=(Engine&&) = delete;
    virtual ~Engine() = default;

    virtual Status ping(const std::stop_token& stop) = 0;
    virtual Result<EngineVersion> version(const std::stop_token& stop) = 0;
    virtual Result<EngineInfo> info(const std::stop_token& stop) = 0;
    /// All containers, the stopped ones too, those that can't be read among them: see ContainerSummary.
    virtual Result<std::vector<ContainerSummary>> list(const std::stop_token& stop) = 0;
    virtual Result<Container> inspect(const ContainerId& id, const std::stop_token& stop) = 0;
    virtual Result<Stats> stats(const ContainerId& id, const std::stop_token& stop) = 0;
    /// Follows the events of containers until the engine (then it is a success: ask again, with `since`),
    /// `on_event` or `stop` ends it. What a quiet stream missed is not known: look at the list now and then.
    virtual Status events(const EventsWanted& wanted, const OnEvent& on_event,
                          const std::stop_token& stop) = 0;
};

}  // namespace rm::docker
