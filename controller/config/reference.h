// SPDX-License-Identifier: Apache-2.0
// docs/configuration.md, made from the table of keys; a test fails when the file in the repository differs.
#pragma once

#include <string>

namespace rm::config {

std::string reference();

}  // namespace rm::config
