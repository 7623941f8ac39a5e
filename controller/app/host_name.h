// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace rm::app {

/// `localhost` when the system does not tell.
std::string host_name();

}  // namespace rm::app
