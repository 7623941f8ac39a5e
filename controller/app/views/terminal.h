// SPDX-License-Identifier: Apache-2.0
// Terminal: what can be shown where the output goes.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace rm::app {

struct Terminal {
    std::size_t width = 80;
    bool colour = false;
    bool utf8 = false;
};

/// That of a file descriptor: COLUMNS or the terminal's own width, colours only on a terminal without
/// NO_COLOR, UTF-8 as the locale says. Where the output is no terminal and COLUMNS is not set, lines may be
/// as long as they need.
Terminal terminal_of(int descriptor, const std::map<std::string, std::string>& environment);

enum class Paint { none, bold, dim, red, blue, green };

/// `text` in that colour, where the terminal has colours.
std::string painted(std::string_view text, Paint paint, const Terminal& terminal);

/// A bar of `width` columns within its frame; `share` beyond 0 to 1 is an empty or a full one.
std::string bar(double share, std::size_t width, const Terminal& terminal);

}  // namespace rm::app
