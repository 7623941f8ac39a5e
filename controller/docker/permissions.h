// SPDX-License-Identifier: Apache-2.0
// Permissions: which calls whoever stands before the engine lets pass, found out without changing anything:
// each is made about a container, an image or a network that can't exist. What the engine then says means
// that the call came through; only a proxy or an authorization plugin forbids.
#pragma once

#include <array>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "docker/engine.h"

namespace rm::docker {

/// What resource-manager does with an engine, each of which takes several calls.
enum class Feature {
    watching,        // containers and their limits are seen
    events,          // changes are seen at once
    host,            // what the host has is known
    statistics,      // usage from the engine itself
    in_place,        // limits of a running container
    replacing,       // blue_green and recreate
    old_networks,    // several networks per container, with an engine of API below 1.44
    last_words,      // the log of a container that failed
    drain_file,      // deployment.drain_by: file
    programs_inside  // deployment.health and drain_by: command
};

inline constexpr std::array every_feature{Feature::watching,       Feature::events,     Feature::host,
                                          Feature::statistics,     Feature::in_place,   Feature::replacing,
                                          Feature::old_networks,   Feature::last_words, Feature::drain_file,
                                          Feature::programs_inside};

/// For people: `replacing containers (blue_green, recreate)`.
std::string_view to_string(Feature feature);

struct Lack {
    Feature feature;
    std::string reason;  // `the socket proxy forbids POST /containers/create: set CONTAINERS=1 and POST=1`

    friend bool operator==(const Lack&, const Lack&) = default;
};

struct Permissions {
    std::vector<Lack> lacks;  // in the order of the features; several of one that lacks several

    [[nodiscard]] bool allows(Feature feature) const;
    /// Something can be changed by one strategy at least; otherwise there is nothing but to observe.
    [[nodiscard]] bool may_deploy() const;
};

/// `replacing containers (blue_green, recreate) is not possible: the socket proxy forbids ...`
std::string print(const Lack& lack);

/// An error means that it can't be known now: the engine does not answer.
Result<Permissions> find_permissions(Engine& engine, const std::stop_token& stop);

}  // namespace rm::docker
