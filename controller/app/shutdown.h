// SPDX-License-Identifier: Apache-2.0
// The end of the daemon: stops all parts within a deadline. A second signal, or the deadline, ends the
// process at once; everything that must survive is in the store by then.
#pragma once

#include "app/exit_code.h"
#include "app/lifecycle.h"
#include "core/duration.h"

namespace rm::app {

/// Called from the main thread, the one that takes signals. Ends the process with ExitCode::forced if need
/// be.
void stop_within(Lifecycle& lifecycle, Duration deadline);

}  // namespace rm::app
