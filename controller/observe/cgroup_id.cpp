// SPDX-License-Identifier: Apache-2.0
#include "observe/cgroup_id.h"

namespace rm::observe {
namespace {

constexpr std::size_t id_length = 64;

}  // namespace

std::string_view container_of(std::string_view cgroup) {
    constexpr std::string_view scope = ".scope";
    std::string_view last = cgroup.substr(cgroup.rfind('/') + 1);
    const bool scoped = last.ends_with(scope);
    if (scoped) last.remove_suffix(scope.size());
    if (last.size() < id_length) return {};
    const std::string_view id = last.substr(last.size() - id_length);
    const std::string_view before = last.substr(0, last.size() - id_length);
    if (!before.empty() && (!scoped || !before.ends_with('-'))) return {};
    return id.find_first_not_of("0123456789abcdef") == std::string_view::npos ? id : std::string_view();
}

}  // namespace rm::observe
