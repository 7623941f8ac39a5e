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
/// An address with one of `schemes`; the one for `unix` is an absolute path, for `sqlite` any path.
Kind<Url> url(std::vector<std::string_view> schemes);
/// An http or https address that is a secret as a whole, as webhooks' are.
Kind<Secret> secret_url();
/// A regular expression in ECMAScript's grammar.
Kind<std::string> regex();
/// A name from the time zone database of the host, like `Europe/Berlin`.
Kind<std::string> timezone();
Kind<TimeOfDay> time_of_day();
Kind<DailyWindow> daily_window();
Kind<ListenAddress> listen_address();
/// What a browser sends as `Origin`: `https://grafana.example.com`.
Kind<std::string> web_origin();
/// A program and its arguments.
Kind<Argv> argv();

/// Whether `text` is such an address with one of `schemes`.
bool is_url(std::string_view text, const std::vector<std::string_view>& schemes);

}  // namespace rm::config
