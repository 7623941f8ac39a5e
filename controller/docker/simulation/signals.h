// SPDX-License-Identifier: Apache-2.0
// The names of signals, as the engine takes them. Pure.
#pragma once

#include <optional>
#include <string_view>

namespace rm::docker {

/// `SIGTERM`, `term` or `15`; nothing for what is none.
std::optional<int> signal_number(std::string_view text);

}  // namespace rm::docker
