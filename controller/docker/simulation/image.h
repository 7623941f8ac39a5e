// SPDX-License-Identifier: Apache-2.0
// SimulatedImage: what the containers of an image are like: how much they use, when they answer, how they
// end. A container made from the same image behaves the same, as a clone must. Plain values; the functions in
// it are called with the engine's lock held: they must not call the engine.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/cores.h"
#include "core/limits.h"
#include "docker/simulation/files.h"
#include "docker/write.h"

namespace rm::docker {

/// What a program would use if nothing held it back.
struct Demand {
    Cores cpu;
    Bytes memory;      // which the kernel can't take back
    Bytes file_cache;  // which it can
};

/// The demand at a time, and that long after the container's start.
using Load = std::function<Demand(WallTime at, Duration since_start)>;

/// What a program sees of itself when it is asked for something.
struct SimulatedProgram {
    WallTime at;
    Duration since_start;
    Limits limits;
    const SimulatedFiles& files;
};

struct SimulatedImage {
    std::string id = {};  // `sha256:...`; empty: made from its name
    std::string config =
        "{}";  // the Config it brings, as JSON: Env, Cmd, Healthcheck, Volumes, StopSignal ...
    std::map<std::string, std::string> files = {};  // by path
    std::string log = {};                           // what it writes at every start

    Load load = {};  // none: it idles
    /// What a replica uses of the CPU when nobody asks it anything. With it, `load` is that of the whole
    /// service: its replicas that are healthy share what is above this; each has its own memory. Without it,
    /// each replica has the whole load.
    std::optional<Cores> idle_cpu = {};

    Duration ready_after{};  // its probe fails until then
    /// The probe of its health check, once it is ready; none: all is well.
    std::function<ExecOutcome(const SimulatedProgram&)> probe = {};

    std::optional<Duration> stops_after =
        Duration(0);    // from its stop signal on; nothing: it does not heed it
    int exit_code = 0;  // then

    /// What runs in it besides; none: every program ends well and says nothing.
    std::function<ExecOutcome(const SimulatedProgram&, const Exec&)> exec = {};
    Duration exec_takes{};
};

}  // namespace rm::docker
