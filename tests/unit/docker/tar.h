// SPDX-License-Identifier: Apache-2.0
// A tar archive of one file, for tests.
#pragma once

#include <numeric>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace rm::docker::test {

inline std::string tar_of(std::string_view path, std::string_view content) {
    constexpr std::size_t block = 512;
    constexpr std::size_t sum_at = 148;
    std::string header(block, '\0');
    const auto put = [&](std::size_t at, std::string_view text) { header.replace(at, text.size(), text); };
    put(0, path);
    put(100, "0000644");
    put(108, "0000000");
    put(116, "0000000");
    put(124, fmt::format("{:011o}", content.size()));
    put(136, "00000000000");
    put(sum_at, "        ");
    put(156, "0");
    put(257, std::string_view("ustar\00000", 8));
    const unsigned sum = std::accumulate(header.begin(), header.end(), 0U, [](unsigned so_far, char c) {
        return so_far + static_cast<unsigned char>(c);
    });
    put(sum_at, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
    const std::size_t padding = (block - content.size() % block) % block;
    return header + std::string(content) + std::string(padding + 2 * block, '\0');
}

}  // namespace rm::docker::test
