// SPDX-License-Identifier: Apache-2.0
// Which configuration file is used when the command line doesn't say.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rm::config {

/// The places that are looked at, first one first: /etc/resource-manager/config.yml,
/// $XDG_CONFIG_HOME/resource-manager/config.yml (or $HOME/.config/...), config/config.yml, config.yml.
std::vector<std::filesystem::path> file_candidates(const std::map<std::string, std::string>& environment);

/// `asked` when there is one, even if no such file exists (so that `load` complains); else the first
/// candidate that exists, also where it cannot be read or is a link to nowhere; nothing if none does.
std::optional<std::filesystem::path> find_file(const std::optional<std::filesystem::path>& asked,
                                               const std::map<std::string, std::string>& environment);

}  // namespace rm::config
