// SPDX-License-Identifier: Apache-2.0
// Taking a container out of the traffic and back, by the means of `deployment.drain_by`. Both may be done
// again. docs/traffic.md tells users what each of them needs.
#pragma once

#include <stop_token>
#include <string>

#include "config/settings.h"
#include "core/result.h"
#include "docker/container.h"
#include "docker/engine.h"

namespace rm::deploy {

/// What was done, for people; empty where nothing is to be done.
Result<std::string> begin_drain(docker::Engine& engine, const docker::Container& container,
                                const config::Deployment& wanted, const std::stop_token& stop);

/// Takes it back. The engine can't delete a file without running a program in the container, which it may not
/// have: the drain file becomes a symbolic link that leads nowhere instead, so that whoever looks for it
/// finds nothing.
Result<std::string> end_drain(docker::Engine& engine, const docker::Container& container,
                              const config::Deployment& wanted, const std::stop_token& stop);

}  // namespace rm::deploy
