// SPDX-License-Identifier: Apache-2.0
// What `promtool check metrics` (of Debian's package prometheus) has to say of a page of metrics.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace rm::lab {

/// Its complaints, sorted, a line each: `requests counter metrics should have "_total" suffix`.
Result<std::vector<std::string>> complaints_of_promtool(const std::string& metrics);

}  // namespace rm::lab
