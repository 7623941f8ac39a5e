// SPDX-License-Identifier: Apache-2.0
// Signals as values. `block` before the first thread starts, so that every thread inherits the mask and only
// the main thread takes signals, by `wait`; no handler ever interrupts other code.
#pragma once

#include <optional>

#include "core/duration.h"

namespace rm::app {

enum class Signal { stop, reload };  // SIGTERM or SIGINT; SIGHUP

/// Blocks what `wait` takes, and ignores SIGPIPE. Call it from the main thread, first.
void block_signals();

/// The next signal, or nothing after `timeout`.
std::optional<Signal> wait_for_signal(Duration timeout);

}  // namespace rm::app
