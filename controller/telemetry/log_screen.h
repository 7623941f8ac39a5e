// SPDX-License-Identifier: Apache-2.0
// LogScreen: lines to a descriptor that somebody may or may not read, standard error for one. Writing never
// blocks the program for longer than a blink: where the reader does not keep up, lines are dropped and
// counted. The descriptor's own flags are left alone, since other processes share it. Not thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

namespace rm::log {

class LogScreen {
public:
    /// `descriptor` must stay open.
    explicit LogScreen(int descriptor) : descriptor_(descriptor) {}

    /// Writes one line, which has its end, or drops it.
    void write(std::string_view line);

    /// How many lines were dropped since the last time this told, once lines can be written again; else 0.
    std::uint64_t take_dropped();

private:
    [[nodiscard]] bool ready(int wait_ms) const;

    int descriptor_;
    bool stuck_ = false;
    bool torn_ = false;  // the last line is not complete
    std::uint64_t dropped_ = 0;
};

}  // namespace rm::log
