// SPDX-License-Identifier: Apache-2.0
// Ids as an engine makes them, but the same in every run. Pure.
#pragma once

#include <string>
#include <string_view>

namespace rm::docker {

/// 64 hexadecimal digits, well mixed; no two texts that are ever asked for share them.
std::string digest(std::string_view text);

}  // namespace rm::docker
