// SPDX-License-Identifier: Apache-2.0
// For threads that must outlive a fault in one round of their work: an exception there ends in the log and
// not the program. Thread-safe.
#pragma once

#include <functional>
#include <string_view>

namespace rm::app {

/// Does `work`. False if it threw, which is logged as a fault of `what`.
bool keep_going(std::string_view what, const std::function<void()>& work);

}  // namespace rm::app
