// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace rm::docker {

constexpr std::int64_t mebibyte = std::int64_t{1} << 20;

}  // namespace rm::docker
