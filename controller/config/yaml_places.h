// SPDX-License-Identifier: Apache-2.0
// Places: the YAML parser's places (lines and bytes from 0) as ours (lines and characters from 1). They come
// nearly in order, so each is counted on from the last. Not thread-safe; the text must outlive it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include <yaml-cpp/mark.h>

#include "config/problem.h"

namespace rm::config {

class Places {
public:
    explicit Places(std::string_view text) : text_(text) {
        starts_.push_back(0);
        for (std::size_t i = 0; i < text.size(); ++i)
            if (text[i] == '\n') starts_.push_back(i + 1);
    }

    Mark operator()(const YAML::Mark& mark) {
        if (mark.line < 0 || static_cast<std::size_t>(mark.line) >= starts_.size()) return {};
        const auto line = static_cast<std::size_t>(mark.line);
        const std::size_t at =
            std::min(starts_[line] + static_cast<std::size_t>(std::max(mark.column, 0)), text_.size());
        if (line != line_) {
            line_ = line;
            at_ = starts_[line];
            column_ = 1;
        }
        for (; at_ < at; ++at_) column_ += starts_character(at_) ? 1 : 0;
        for (; at_ > at; --at_) column_ -= starts_character(at_ - 1) ? 1 : 0;
        return {.line = mark.line + 1, .column = column_};
    }

private:
    [[nodiscard]] bool starts_character(std::size_t i) const {
        return (static_cast<unsigned char>(text_[i]) & 0xc0U) != 0x80U;
    }

    std::string_view text_;
    std::vector<std::size_t> starts_;
    std::size_t line_ = 0;
    std::size_t at_ = 0;
    int column_ = 1;
};

}  // namespace rm::config
