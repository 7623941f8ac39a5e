// SPDX-License-Identifier: Apache-2.0
// SimulatedSetup: what a container was made from, as the engine keeps it: the body of its creation whole,
// with the image's settings and the engine's defaults filled in. Pure.
#pragma once

#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "core/names.h"
#include "core/result.h"
#include "docker/container.h"
#include "docker/simulation/host.h"
#include "docker/simulation/ports.h"
#include "docker/simulation/resources.h"

namespace rm::docker {

struct SimulatedSetup {
    boost::json::object config;     // Config
    boost::json::object host;       // HostConfig
    boost::json::object endpoints;  // the EndpointConfig of each network, by its name
    boost::json::array mounts;      // Mounts
};

/// What is sent along with a call; `invalid` when it is no object in JSON.
Result<boost::json::object> read_body(std::string_view body);

/// What an engine makes of the body and the Config of the image. `invalid` where it refuses the body.
Result<SimulatedSetup> make_setup(const boost::json::object& body, const boost::json::object& image_config,
                                  const ContainerId& id, const SimulatedHost& host);

/// What inspecting tells of it: everything of a Container that isn't its life.
Status describe(Container& container, const SimulatedSetup& setup);

/// The ports that it wants on the host; only exposed ones are bound. `invalid` for what is no port.
Result<std::vector<HostPort>> host_ports(const SimulatedSetup& setup);

}  // namespace rm::docker
