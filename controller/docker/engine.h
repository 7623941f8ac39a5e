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
#include "docker/write.h"

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
    /// The whole of what inspecting tells, as the engine's JSON: what a clone is made from.
    virtual Result<std::string> document(const ContainerId& id, const std::stop_token& stop);
    virtual Result<Stats> stats(const ContainerId& id, const std::stop_token& stop) = 0;
    /// Follows the events of containers until the engine (then it is a success: ask again, with `since`),
    /// `on_event` or `stop` ends it. What a quiet stream missed is not known: look at the list now and then.
    virtual Status events(const EventsWanted& wanted, const OnEvent& on_event,
                          const std::stop_token& stop) = 0;
    /// The id of an image by its name, `nginx:1.25` or an id itself.
    virtual Result<std::string> image_id(const std::string& image, const std::stop_token& stop);
    /// What differs from the image in the writable layer.
    virtual Result<std::vector<FileChange>> changes(const ContainerId& id, const std::stop_token& stop);
    /// The last lines of what it wrote, both streams, cut to a few KiB.
    virtual Result<std::string> log_tail(const ContainerId& id, int lines, const std::stop_token& stop);
    /// A file or a folder as a plain tar archive; `not_found` when there is none. At most 8 MiB.
    virtual Result<std::string> get_archive(const ContainerId& id, const std::string& path,
                                            const std::stop_token& stop);

    // What changes something. Each may be repeated: doing what is done already is a success, except
    // where it says otherwise. An error `timeout` or `unavailable` leaves open whether it was done: look
    // again.

    /// `body` is that of POST /containers/create. `conflict` when the name is taken, `not_found` when the
    /// image is not there; the container does not run yet.
    virtual Result<ContainerId> create(const std::string& name, const std::string& body,
                                       const std::stop_token& stop);
    /// `endpoint` is the EndpointConfig as JSON. `conflict` when there is no such network.
    virtual Status connect(const std::string& network, const ContainerId& id, const std::string& endpoint,
                           const std::stop_token& stop);
    /// `conflict` when it is paused, or a network or port that it needs is not to be had; `invalid` when its
    /// program can't be started.
    virtual Status start(const ContainerId& id, const std::stop_token& stop);
    /// Sends a signal to its first process and does not wait for what comes of it. The engine takes the
    /// container's own stop signal and SIGKILL, and any signal where none is configured, for a wish that it
    /// stays down after its next end, whatever its restart rule. `conflict` when it does not run.
    virtual Status signal(const ContainerId& id, const std::string& signal, const std::stop_token& stop);
    virtual Status rename(const ContainerId& id, const std::string& name, const std::stop_token& stop);
    /// Its volumes stay. A container that is gone already is a success.
    virtual Status remove(const ContainerId& id, Removal how, const std::stop_token& stop);
    /// `conflict` when it contradicts what is set already or the kernel refuses it. What an engine would take
    /// and ignore, such as zero, is `invalid`: see check_update.
    virtual Status update(const ContainerId& id, const Update& update, const std::stop_token& stop);
    /// Unpacks a plain tar archive into a folder of the container, running or not.
    virtual Status put_archive(const ContainerId& id, const std::string& folder, const std::string& tar,
                               const std::stop_token& stop);
    /// `conflict` when the container does not run. A program that is not there has an exit code too, 126 or
    /// 127, or is `invalid`: engines differ.
    virtual Result<ExecOutcome> exec(const ContainerId& id, const Exec& what, const std::stop_token& stop);
    /// Whether programs could be run, without running one: `permission` where that is forbidden.
    virtual Status may_exec(const std::stop_token& stop);
};

}  // namespace rm::docker
