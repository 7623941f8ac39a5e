// SPDX-License-Identifier: Apache-2.0
// The JSON Schema (draft 2020-12) of the configuration file, for editors; made from the table of keys.
#pragma once

#include <string>

namespace rm::config {

std::string schema();

}  // namespace rm::config
