// SPDX-License-Identifier: Apache-2.0
// Completion scripts for the shells, made from the commands themselves so that they cannot fall behind.
#pragma once

#include <string>
#include <string_view>

#include "app/command_line.h"

namespace rm::app {

/// `shell` is bash, zsh or fish.
std::string completion_script(const CommandInfo& root, std::string_view shell);

}  // namespace rm::app
