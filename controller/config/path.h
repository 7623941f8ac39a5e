// SPDX-License-Identifier: Apache-2.0
// Dotted paths as messages show them: `services.grafana.bounds.cpu.max`.
#pragma once

#include <string>
#include <string_view>

#include "core/names.h"

namespace rm::config {

/// `path` with `key` behind it; a key that isn't a plain word is quoted, so that any text is safe to print.
std::string join(std::string_view path, std::string_view key);

/// `services.grafana.bounds.cpu.max`, or `services.grafana` for no path.
std::string service_path(const ServiceName& service, std::string_view path);

}  // namespace rm::config
