// SPDX-License-Identifier: Apache-2.0
// How many files and connections the system lets this process have open.
#pragma once

#include <cstdint>

namespace rm::app {

/// Raises the limit of this process towards `wanted`, as far as the system allows; what it is then.
std::uint64_t allow_descriptors(std::uint64_t wanted);

/// How many connections can be open at once, of `wanted`, with some descriptors left for everything else.
/// Raises the limit of this process where that helps.
std::uint64_t connections_within_limit(std::uint64_t wanted);

}  // namespace rm::app
