// SPDX-License-Identifier: Apache-2.0
// The parts of what inspecting a container gives; each fills its members of `Container`. Internal to docker/;
// for .cpp files.
#pragma once

#include <optional>
#include <string_view>

#include <boost/json.hpp>

#include "core/clock.h"
#include "core/result.h"
#include "docker/container.h"

namespace rm::docker {

/// Nothing when the member is absent or the engine's zero time.
Result<std::optional<WallTime>> read_time_at(const boost::json::object& object, std::string_view name);

/// `State`: how it is, and what its last probe said.
Status read_state_into(Container& container, const boost::json::object& state);

/// `Config`: image, labels, how it is to be stopped and probed.
Status read_config_into(Container& container, const boost::json::object& config);

/// `HostConfig`: limits and restart rule.
Status read_host_config_into(Container& container, const boost::json::object& host);

}  // namespace rm::docker
