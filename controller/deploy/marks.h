// SPDX-License-Identifier: Apache-2.0
// The labels by which a green container is known to belong to a deployment, also when the journal is lost.
// They stay on it for good: labels can't be changed.
#pragma once

#include <string_view>

namespace rm::deploy {

inline constexpr std::string_view mark_deployment = "resource-manager.internal.deployment";
inline constexpr std::string_view mark_replaces = "resource-manager.internal.replaces";  // blue's id
inline constexpr std::string_view mark_name = "resource-manager.internal.name";          // its final name

}  // namespace rm::deploy
