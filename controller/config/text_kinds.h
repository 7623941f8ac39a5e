// SPDX-License-Identifier: Apache-2.0
// Kinds of values that are texts of some form.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/kind.h"
#include "config/settings.h"
#include "config/values.h"

namespace rm::config {

/// Any text but an empty one; `expects` names it: "a PromQL query".
Kind<std::string> text(std::string expects);
/// A text that is nobody's business.
Kind<Secret> secret_text(std::string expects);
Kind<std::filesystem::path> path(std::string expects);
/// A regular expression in ECMAScript's grammar.
Kind<std::string> regex();
/// A name from the time zone database of the host, like `Europe/Berlin`.
Kind<std::string> timezone();
Kind<TimeOfDay> time_of_day();
Kind<DailyWindow> daily_window();
/// A program and its arguments.
Kind<Argv> argv();

}  // namespace rm::config
