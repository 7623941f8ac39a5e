// SPDX-License-Identifier: Apache-2.0
// An Error of a peer as what it means for the numbers that were wanted of it.
#pragma once

#include <string>

#include "core/error.h"
#include "core/usage.h"

namespace rm {

Gap gap_of(ErrorCode code);

/// `what` is the signal or the call that failed.
Fault fault_of(std::string what, const Error& error);

}  // namespace rm
