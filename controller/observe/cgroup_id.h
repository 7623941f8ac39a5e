// SPDX-License-Identifier: Apache-2.0
// The container behind a control group's path, as cAdvisor puts it into the label `id`: `/docker/<id>`,
// `/system.slice/docker-<id>.scope`, either below anything else. Pure.
#pragma once

#include <string_view>

namespace rm::observe {

/// The 64 hexadecimal digits; empty if the path is not a container's own group: a slice, the root, or a group
/// that a container made inside itself.
std::string_view container_of(std::string_view cgroup);

}  // namespace rm::observe
