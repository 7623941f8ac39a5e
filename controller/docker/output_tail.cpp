// SPDX-License-Identifier: Apache-2.0
#include "docker/output_tail.h"

#include <algorithm>

#include "docker/json.h"

namespace rm::docker {
namespace {

constexpr std::size_t header_size = 8;  // the stream, three zeros, the length in four bytes
constexpr std::size_t longest_line = 1000;

/// No text begins so: streams are 0 to 3.
bool may_be_header(std::string_view begun) {
    constexpr unsigned char last_stream = 3;
    return static_cast<unsigned char>(begun[0]) <= last_stream &&
           begun.substr(1, 3).find_first_not_of('\0') == std::string_view::npos;
}

std::size_t length_in(std::string_view header) {
    std::size_t length = 0;
    for (const char c : header.substr(4)) length = length << 8U | static_cast<unsigned char>(c);
    return length;
}

}  // namespace

void OutputTail::take(std::string_view piece) {
    while (!piece.empty()) {
        std::size_t taken = piece.size();
        if (framed_ && left_ == 0) {
            taken = take_header(piece);
        } else {
            if (framed_) taken = std::min(left_, piece.size());
            keep(piece.substr(0, taken));
            left_ -= std::min(left_, taken);
        }
        piece.remove_prefix(taken);
    }
}

std::size_t OutputTail::take_header(std::string_view piece) {
    const std::size_t taken = std::min(header_size - header_.size(), piece.size());
    header_ += piece.substr(0, taken);
    if (!may_be_header(header_)) {
        framed_ = false;
        keep(header_);
        header_.clear();
    } else if (header_.size() == header_size) {
        left_ = length_in(header_);
        header_.clear();
    }
    return taken;
}

void OutputTail::keep(std::string_view text) {
    kept_ += text;
    if (kept_.size() <= 2 * longest) return;
    kept_.erase(0, kept_.size() - longest);
    cut_ = true;
}

std::string OutputTail::text() const {
    std::string_view rest = kept_;
    std::string result;
    if (cut_ || rest.size() > longest) {
        rest.remove_prefix(rest.size() - std::min(rest.size(), longest));
        const auto line_end = rest.find('\n');
        if (line_end < rest.size() - 1) rest.remove_prefix(line_end + 1);  // of a line begun before
        result = "...\n";
    }
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        (result += printable(line, longest_line)) += '\n';
    }
    return result;
}

}  // namespace rm::docker
