// SPDX-License-Identifier: Apache-2.0
// Which service of a check somebody means: by its full name, or by the short one where only one project has
// such a service.
#pragma once

#include <string_view>

#include "core/result.h"
#include "decide/check.h"

namespace rm::serve {

/// `not_found` names the closest, `conflict` all that could be meant. The service lives as long as the check.
Result<const decide::Assessment*> find_service(const decide::Check& check, std::string_view name);

}  // namespace rm::serve
