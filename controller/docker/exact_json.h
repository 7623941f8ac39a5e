// SPDX-License-Identifier: Apache-2.0
// Reads JSON that is going to be sent on: each number keeps its value, and one that can't be kept is an
// error. Boost's own reader may miss a fraction by its last digit, and makes a fraction of a whole number
// beyond 64 bits. Internal to docker/; for .cpp files.
#pragma once

#include <cstddef>
#include <string_view>

#include <boost/json.hpp>

#include "core/result.h"

namespace rm::docker {

/// As parse_json() does, with every number exact.
Result<boost::json::value> parse_exactly(std::string_view text, std::size_t cap);

}  // namespace rm::docker
