// SPDX-License-Identifier: Apache-2.0
#include "net/subprocess_output.h"

namespace rm::net {

void Capture::take(std::string_view bytes) {
    const std::string_view kept = bytes.substr(0, cap_ - text_.size());
    text_ += kept;
    if (kept.size() < bytes.size()) truncated_ = true;
    if (on_line_) split(bytes);
}

void Capture::split(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto newline = bytes.find('\n');
        line_ += bytes.substr(0, newline).substr(0, longest_line - line_.size());
        if (newline == std::string_view::npos) return;
        on_line_(line_);
        line_.clear();
        bytes.remove_prefix(newline + 1);
    }
}

void Capture::finish() {
    if (on_line_ && !line_.empty()) on_line_(line_);
    line_.clear();
}

}  // namespace rm::net
