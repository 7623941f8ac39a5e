// SPDX-License-Identifier: Apache-2.0
// The Mounts of a container: its binds and volumes, and a volume of its own for every other place where its
// image or its Config wants one. Pure.
#pragma once

#include <boost/json.hpp>

#include "core/names.h"

namespace rm::docker {

boost::json::array mounts_of(const boost::json::object& config, const boost::json::object& host,
                             const ContainerId& id);

}  // namespace rm::docker
