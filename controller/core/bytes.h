// SPDX-License-Identifier: Apache-2.0
// Bytes: an amount of memory. As in Docker, K, M, G, T mean powers of 1024 with or without "iB" or "B".
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace rm {

class Bytes {
public:
    constexpr Bytes() = default;
    explicit constexpr Bytes(std::int64_t count) : count_(count) {}

    static constexpr Bytes mebi(std::int64_t count) { return Bytes(count << 20); }

    /// `64M`, `768MiB`, `1g`, `1.5 GB`, `1048576`; part of a byte is dropped.
    static Result<Bytes> parse(std::string_view text);

    [[nodiscard]] constexpr std::int64_t count() const { return count_; }

    friend constexpr auto operator<=>(Bytes, Bytes) = default;

private:
    std::int64_t count_ = 0;
};

/// `768M`, in the largest unit that is exact; what `parse` reads back as the same amount.
std::string print(Bytes bytes);

/// For people, where the exact amount does not matter: `28.2K`, with one decimal at most.
std::string print_rounded(Bytes bytes);

}  // namespace rm
