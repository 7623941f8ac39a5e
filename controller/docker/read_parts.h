// SPDX-License-Identifier: Apache-2.0
// Parts that several of the engine's answers have. Internal to docker/; for .cpp files.
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "core/names.h"
#include "core/result.h"
#include "docker/container.h"

namespace rm::docker {

Result<ContainerId> read_id(std::string_view text);

/// With or without the slash in front.
Result<std::string> read_name(std::string_view text);

Result<ContainerState> read_state(std::string_view text);

/// Empty when the member is absent.
Result<Labels> read_labels(const boost::json::object& object, std::string_view name);

}  // namespace rm::docker
