// SPDX-License-Identifier: Apache-2.0
// The effective configuration for people and for programs, with the origin of every value and without any
// secret.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "config/config.h"

namespace rm::config {

enum class ShowFormat { yaml, json };

struct ShowOptions {
    ShowFormat format = ShowFormat::yaml;
    std::optional<ServiceName> service;  // only what applies to this one
    /// Of its containers; if anything is wrong with them, they don't count.
    std::map<std::string, std::string> labels = {};
};

/// YAML that is a valid configuration file again (secrets apart), each value followed by `# origin`; or JSON
/// with {"value": ..., "origin": ...} for each key.
std::string show(const Config& config, const ShowOptions& options = {});

}  // namespace rm::config
