// SPDX-License-Identifier: Apache-2.0
// Inbox: the bytes of a connection that have arrived and were not used yet; in one piece, and never more than
// a limit.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace rm::serve {

class Inbox {
public:
    explicit Inbox(std::size_t most) : most_(most) {}

    [[nodiscard]] std::string_view bytes() const { return {store_.data() + begin_, end_ - begin_}; }
    [[nodiscard]] bool empty() const { return begin_ == end_; }
    [[nodiscard]] std::size_t size() const { return end_ - begin_; }

    /// Where more may be written; empty when the limit is reached. `arrived` says how much it was.
    std::span<char> room() {
        std::copy(store_.begin() + offset(begin_), store_.begin() + offset(end_), store_.begin());
        end_ -= std::exchange(begin_, 0);
        if (end_ == store_.size()) store_.resize(std::min(most_, std::max(first_, 2 * end_)));
        return std::span(store_).subspan(end_);
    }
    void arrived(std::size_t count) { end_ += count; }

    /// Forgets bytes at the front.
    void drop(std::size_t count) { begin_ += count; }
    void clear() { begin_ = end_ = 0; }

    /// Gives memory back that only a long request needed.
    void shrink() {
        if (empty() && store_.size() > first_) *this = Inbox(most_);
    }

private:
    static std::ptrdiff_t offset(std::size_t n) { return static_cast<std::ptrdiff_t>(n); }

    static constexpr std::size_t first_ = 2048;

    std::size_t most_;
    std::vector<char> store_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace rm::serve
