// SPDX-License-Identifier: Apache-2.0
// What GET /containers/{id}/json tells of a simulated container. Pure.
#pragma once

#include <boost/json.hpp>

#include "docker/simulation/container.h"

namespace rm::docker {

boost::json::object document_of(const SimulatedContainer& container);

}  // namespace rm::docker
