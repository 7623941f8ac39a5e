// SPDX-License-Identifier: Apache-2.0
// Our own probes of a container: whether it answers over HTTP, takes connections, or a program in it says
// that all is well. A success is what there is to tell of it. An error is `unavailable`, `timeout` or `io`
// where a later probe may find it well. Each opens a connection of its own, so that none is left which the
// container would have to wait for when it ends.
#pragma once

#include <stop_token>
#include <string>

#include "config/probe.h"
#include "config/settings.h"
#include "core/duration.h"
#include "core/result.h"
#include "docker/container.h"
#include "docker/engine.h"

namespace rm::deploy {

/// By `deployment.health`, where that is a probe or a command.
Result<std::string> probe(docker::Engine& engine, const docker::Container& container,
                          const config::Deployment& wanted, const std::stop_token& stop);

/// One question at an IP address. Redirects are not followed: they are an answer.
Result<std::string> probe_at(const std::string& address, const config::ProbeAddress& what, Duration limit,
                             const std::stop_token& stop);

/// The same wherever the container can be reached.
Result<std::string> probe_there(docker::Engine& engine, const docker::Container& container,
                                const config::ProbeAddress& what, Duration limit,
                                const std::stop_token& stop);

/// A program in the container that must end with 0.
Result<std::string> run_inside(docker::Engine& engine, const docker::Container& container,
                               const config::Argv& argv, Duration limit, const std::stop_token& stop);

/// How long one probe may take: as long as it is until the next one, but not too little or too much.
Duration probe_limit(const config::Deployment& wanted);

}  // namespace rm::deploy
