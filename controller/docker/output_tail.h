// SPDX-License-Identifier: Apache-2.0
// OutputTail: the end of what a program wrote, out of a body that arrives in pieces, cut anywhere. The engine
// puts the two streams of a program into frames; what came from a terminal has none, and before API 1.42 no
// header tells which of the two it is: the first bytes do. Memory is bounded. Not thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rm::docker {

class OutputTail {
public:
    static constexpr std::size_t longest = std::size_t{8} << 10;

    void take(std::string_view piece);

    /// Printable lines; begins with a line of `...` where something is left out.
    [[nodiscard]] std::string text() const;

private:
    std::size_t take_header(std::string_view piece);
    void keep(std::string_view text);

    std::string kept_;
    std::string header_;    // of a frame, begun
    std::size_t left_ = 0;  // of the frame
    bool framed_ = true;    // nothing else was seen yet
    bool cut_ = false;
};

}  // namespace rm::docker
