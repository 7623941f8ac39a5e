// SPDX-License-Identifier: Apache-2.0
#include "config/find_file.h"

#include <algorithm>
#include <system_error>

namespace rm::config {
namespace {

std::filesystem::path variable(const std::map<std::string, std::string>& environment,
                               const std::string& name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::filesystem::path() : std::filesystem::path(found->second);
}

/// The XDG rules: relative paths don't count, ~/.config where nothing is set.
std::filesystem::path users_folder(const std::map<std::string, std::string>& environment) {
    auto folder = variable(environment, "XDG_CONFIG_HOME");
    if (folder.is_absolute()) return folder;
    const auto home = variable(environment, "HOME");
    return home.is_absolute() ? home / ".config" : std::filesystem::path();
}

bool is_dangling(const std::filesystem::path& path) {
    std::error_code error;
    return std::filesystem::is_symlink(path, error) && !std::filesystem::exists(path, error);
}

/// Whether somebody put something there: a file that can't be looked at, or a link to nowhere, counts, so
/// that `load` complains about it.
bool is_taken(const std::filesystem::path& path) {
    std::error_code error;
    const auto status = std::filesystem::symlink_status(path, error);
    if (status.type() != std::filesystem::file_type::not_found) return true;
    for (auto folder = path.parent_path(); folder.has_relative_path(); folder = folder.parent_path())
        if (is_dangling(folder)) return true;
    return false;
}

}  // namespace

std::vector<std::filesystem::path> file_candidates(const std::map<std::string, std::string>& environment) {
    std::vector<std::filesystem::path> candidates{"/etc/resource-manager/config.yml"};
    if (const auto folder = users_folder(environment); !folder.empty())
        candidates.push_back(folder / "resource-manager" / "config.yml");
    candidates.emplace_back("config/config.yml");
    candidates.emplace_back("config.yml");
    return candidates;
}

std::optional<std::filesystem::path> find_file(const std::optional<std::filesystem::path>& asked,
                                               const std::map<std::string, std::string>& environment) {
    if (asked) return asked;
    const auto candidates = file_candidates(environment);
    const auto found = std::ranges::find_if(candidates, is_taken);
    return found == candidates.end() ? std::nullopt : std::optional(*found);
}

}  // namespace rm::config
