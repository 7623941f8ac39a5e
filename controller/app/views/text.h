// SPDX-License-Identifier: Apache-2.0
// Text for a terminal: how wide it is, cut, filled and folded to a width, and free of what would steer the
// terminal instead of being read. Widths are in columns, one for each character.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rm::app {

/// `text` with control characters, invalid UTF-8 and marks that turn the direction of text replaced by `?`.
std::string harmless(std::string_view text);

/// The columns of `text`, which is harmless.
std::size_t width_of(std::string_view text);

/// `text` cut to at most `width` columns, with `...` at its end where something is missing.
std::string shortened(std::string_view text, std::size_t width);

/// `text` with spaces behind it up to `width` columns.
std::string filled(std::string_view text, std::size_t width);

/// `text` in lines of at most `width` columns, broken at spaces; a longer word stays whole.
std::vector<std::string> folded(std::string_view text, std::size_t width);

}  // namespace rm::app
