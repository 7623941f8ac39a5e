// SPDX-License-Identifier: Apache-2.0
// Where we can speak to a container ourselves: at an address of its own in a network that we are in, too.
// Anywhere else a router stands between, and who answers there may be somebody else. An engine on another
// host can't be told from ours by that: its networks must not have the numbers of ours.
#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/result.h"
#include "docker/container.h"
#include "docker/engine.h"
#include "docker/surroundings.h"
#include "net/own_networks.h"

namespace rm::deploy {

/// The container's surroundings; asks the engine.
Result<docker::Surroundings> surroundings_of(docker::Engine& engine, const docker::Container& container,
                                             const std::stop_token& stop);

/// All that it has, whoever can reach them; none while it does not run.
Result<std::vector<std::string>> addresses_of(docker::Engine& engine, const docker::Container& container,
                                              const std::stop_token& stop);

/// The first address that is a neighbour's. `unavailable` when it has none, or not yet; the message says what
/// there is instead. Pure.
Result<std::string> address_of(const docker::Surroundings& surroundings, std::span<const net::Subnet> ours,
                               const std::string& name);

/// Both, with the networks that we are in.
Result<std::string> reach(docker::Engine& engine, const docker::Container& container,
                          const std::stop_token& stop);

}  // namespace rm::deploy
