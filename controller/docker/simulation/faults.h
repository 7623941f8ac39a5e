// SPDX-License-Identifier: Apache-2.0
// What can be made to go wrong between the simulated engine and whoever calls it. Both functions are asked
// with no lock held: they may call the engine's hands and let time pass, so that a call is slow, a container
// dies in the middle of it, or nothing is asked any more because the caller "crashed" there.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "core/error.h"
#include "core/names.h"

namespace rm::docker {

enum class EngineCall {
    ping,
    version,
    info,
    list,
    inspect,
    document,
    stats,
    events,
    image_id,
    changes,
    log_tail,
    get_archive,
    create,
    connect,
    start,
    signal,
    rename,
    remove,
    update,
    put_archive,
    exec
};

/// As the method of the port is called.
std::string_view to_string(EngineCall call);

/// Whether it changes something.
bool is_writing(EngineCall call);

struct Faults {
    /// The container it is about, or null: for `create` it is known only afterwards.
    using Ask = std::function<std::optional<Error>(EngineCall call, const ContainerId* container)>;

    Ask before = {};  // an error is the answer, and nothing is done
    Ask after = {};   // it is done, if it could be; an error is the answer all the same
};

}  // namespace rm::docker
