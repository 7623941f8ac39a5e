// SPDX-License-Identifier: Apache-2.0
// clone: from what inspecting a container tells to the request that makes another one like it, with other
// limits. Everything a user can set is kept, also what this program does not know of; what cannot be kept is
// an error that names it. Different on purpose are only
// - the limits, the name, Compose's container number and our own labels;
// - the host name, where the engine had made it up, and the alias that is the container's id;
// - addresses, which two containers can't have at once: see `keep_addresses`;
// - anonymous volumes: they get their names, so that both containers have the same;
// - the form of links, of an empty entry point and of a container that uses another one's network, which the
//   engine does not take as it tells them.
// What was written into the container's own file system is not in it. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/limits.h"
#include "core/result.h"
#include "docker/api_version.h"
#include "docker/container.h"

namespace rm::docker {

/// Labels of containers that we write for ourselves begin so.
inline constexpr std::string_view internal_labels = "resource-manager.internal.";

/// From this version on, a container can be created in several networks at once.
inline constexpr ApiVersion networks_at_create{.major = 1, .minor = 44};

struct CloneWanted {
    std::string name;
    Limits limits;  // all of them: a missing one is unlimited
    Labels labels;  // ours, in the place of those that the container has; each begins with `internal_labels`
    ApiVersion api;
    std::optional<int> container_number = {};  // for Compose's label, where the container has one
    std::optional<std::string> image = {};     // the id of its image, when the name means another one by now
    std::optional<RestartRule> restart = {};   // when the container's own was set aside for a while
    /// Keeps static addresses, for when the old container stops before the new one starts. Without it they
    /// are an error.
    bool keep_addresses = false;
};

struct NetworkToJoin {
    std::string network;
    std::string endpoint;  // EndpointConfig, as JSON

    friend bool operator==(const NetworkToJoin&, const NetworkToJoin&) = default;
};

struct NewContainer {
    std::string name;
    std::string body;                     // for POST /containers/create
    std::vector<NetworkToJoin> networks;  // to be joined before it starts
};

/// `document` is the answer to GET /containers/{id}/json. `invalid` when what is wanted is none,
/// `unsupported` or `protocol` when the document can't be cloned.
Result<NewContainer> clone(std::string_view document, const CloneWanted& wanted);

}  // namespace rm::docker
