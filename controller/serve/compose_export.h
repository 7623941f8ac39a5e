// SPDX-License-Identifier: Apache-2.0
// The limits that hold today as an override file for Compose, so that they survive when a service is brought
// up from its file again. Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "decide/check.h"

namespace rm::serve {

/// Every managed service of `project`; empty: of the only one there is. `not_found` when there is no such
/// project, `conflict` when there are several and none was named.
///
/// Compose 1 reads `cpus` and `mem_limit` and Compose 2 demands that `deploy.resources.limits`, where a file
/// has them, are the same: both are written.
Result<std::string> compose_override(const decide::Check& check, std::string_view project);

}  // namespace rm::serve
