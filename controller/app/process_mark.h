// SPDX-License-Identifier: Apache-2.0
// A text that tells a process from every other one, on this host and on all others, also from a later one
// that got its number. Whoever finds such a text somewhere can ask whether its process has ended.
#pragma once

#include <string>
#include <string_view>

namespace rm::app {

/// Of this process. Empty where the kernel does not tell enough.
std::string process_mark();

/// True only when that is certain. Of a process on another host, or in a container of its own, nobody here
/// can know.
bool has_ended(std::string_view mark);

}  // namespace rm::app
