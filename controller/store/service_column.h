// SPDX-License-Identifier: Apache-2.0
// The column `service` that several tables have: a ServiceName in its printed form.
#pragma once

#include "core/names.h"
#include "core/result.h"
#include "store/rows.h"

namespace rm::store {

/// Whose row it is. A text that is no service's name was not written by us: `corrupt`.
Result<ServiceName> service_of(const Row& row);

}  // namespace rm::store
