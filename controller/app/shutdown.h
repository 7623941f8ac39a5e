// SPDX-License-Identifier: Apache-2.0
// The end of the daemon: stops all parts within a deadline. A second signal, or the deadline, ends the
// process at once; everything that must survive is in the store by then.
#pragma once

#include <string_view>

#include "app/exit_code.h"
#include "app/lifecycle.h"
#include "core/duration.h"

namespace rm::app {

/// Ends the process with ExitCode::forced if need be.
void stop_within(Lifecycle& lifecycle, Duration deadline);

/// Ends the process at once with ExitCode::forced, on any thread, whatever the others hold.
[[noreturn]] void cut_short(std::string_view why);

}  // namespace rm::app
