// SPDX-License-Identifier: Apache-2.0
// Which time zones the host knows. Only asks whether one is there; whoever calculates with it loads it.
#pragma once

#include <string_view>

namespace rm::config {

/// `UTC` always; any other name if the system's time zone database has it.
bool is_timezone(std::string_view name);

}  // namespace rm::config
