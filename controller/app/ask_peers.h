// SPDX-License-Identifier: Apache-2.0
// Asks Docker or Prometheus for a sign of life: where it is, or why it does not answer.
#pragma once

#include <stop_token>
#include <string>

#include "config/settings.h"
#include "core/result.h"

namespace rm::app {

/// An engine that answers but can't be spoken with is no use, so its version counts too.
Result<std::string> ask_docker(const config::Docker& docker, const std::stop_token& stop);

Result<std::string> ask_prometheus(const config::Prometheus& prometheus, const std::stop_token& stop);

}  // namespace rm::app
