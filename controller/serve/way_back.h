// SPDX-License-Identifier: Apache-2.0
// What a rollback wants: the limits from before the last deployment of a service that succeeded.
#pragma once

#include "core/names.h"
#include "core/result.h"
#include "serve/wanted.h"
#include "store/database.h"

namespace rm::serve {

/// `conflict` where there is no way back.
Result<Wanted> way_back(store::Database& store, const ServiceName& service);

}  // namespace rm::serve
