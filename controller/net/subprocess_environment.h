// SPDX-License-Identifier: Apache-2.0
// The environment a program is given, as a value: exactly these variables and no others. Nothing of ours
// reaches a program unless it was picked by name, so a token in our environment can't leak into a script.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"

namespace rm::net {

using Environment = std::map<std::string, std::string, std::less<>>;

/// Our own environment. Not to be called while another thread changes it with setenv.
Environment current_environment();

/// The variables of `from` whose names are in `allowed`.
Environment pick(const Environment& from, std::span<const std::string_view> allowed);

/// The file to run for `name`: an absolute path, or a bare name that is looked up in PATH of `environment`,
/// where relative folders are passed over. The error says where it was looked for and why it can't be run.
Result<std::string> find_program(std::string_view name, const Environment& environment);

}  // namespace rm::net
