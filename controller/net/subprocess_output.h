// SPDX-License-Identifier: Apache-2.0
// Capture: what a program writes to one stream, kept up to a cap and handed on line by line. Memory is
// bounded whatever comes. Not thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace rm::net {

class Capture {
public:
    static constexpr std::size_t longest_line = std::size_t{16} << 10;

    using OnLine = std::function<void(std::string_view)>;

    /// `on_line` may be empty.
    Capture(std::size_t cap, OnLine on_line) : cap_(cap), on_line_(std::move(on_line)) {}

    void take(std::string_view bytes);

    /// The stream has ended: hands on the last line if no newline closed it.
    void finish();

    [[nodiscard]] bool truncated() const { return truncated_; }
    [[nodiscard]] std::string take_text() { return std::move(text_); }

private:
    void split(std::string_view bytes);

    std::size_t cap_;
    OnLine on_line_;
    std::string text_;
    std::string line_;  // begun, its newline still to come
    bool truncated_ = false;
};

}  // namespace rm::net
