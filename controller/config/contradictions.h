// SPDX-License-Identifier: Apache-2.0
// What several keys together must hold, for the program and for each service with its own keys over the
// general ones.
#pragma once

#include "config/effective.h"
#include "config/given.h"

namespace rm::config {

/// Complains about each contradiction, at the later of the keys that somebody wrote. Passes over those that
/// involve a key with a problem of its own.
void find_contradictions(Given& given, const Effective& effective);

}  // namespace rm::config
