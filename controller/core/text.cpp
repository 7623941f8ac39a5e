// SPDX-License-Identifier: Apache-2.0
#include "core/text.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include <fmt/format.h>

namespace rm {
namespace {

constexpr std::size_t longest_quote = 80;

/// The length of the valid UTF-8 sequence at the front; 0 if there is none.
std::size_t utf8_prefix(std::string_view text) {
    if (text.empty()) return 0;
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t first = byte(0);
    if (first < 0x80) return 1;
    std::size_t length = 2;
    if (first >= 0xe0) length = first >= 0xf0 ? 4 : 3;
    if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xc0) != 0x80) return 0;
    const bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
    const bool surrogate = first == 0xed && byte(1) >= 0xa0;
    const bool beyond = first == 0xf4 && byte(1) >= 0x90;
    return overlong || surrogate || beyond ? 0 : length;
}

/// Whether `prefix` finds a piece at the front of each rest of `text`.
template <class Prefix>
bool consists_of(std::string_view text, Prefix prefix) {
    while (!text.empty()) {
        const std::size_t length = prefix(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

/// How many letters were added, left out, changed, or swapped with their neighbour between `a` and `b`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    using Row = std::vector<std::size_t>;
    Row before(b.size() + 1);
    Row above(b.size() + 1);
    Row row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before.swap(above);
        above.swap(row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = a[i - 1] == b[j - 1];
            row[j] = std::min({above[j - 1] + (same ? 0 : 1), above[j] + 1, row[j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
    }
    return row.back();
}

}  // namespace

std::string Quoted::operator()(std::string_view text) const {
    std::string result = "'";
    while (!text.empty() && result.size() <= longest_quote) {
        const std::size_t length = printable_prefix(text);
        if (length == 0) {
            result += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(text[0]));
            text.remove_prefix(1);
        } else {
            result += text.substr(0, length);
            text.remove_prefix(length);
        }
    }
    if (!text.empty()) result += "...";
    return result += '\'';
}

std::size_t printable_prefix(std::string_view text) {
    const std::size_t length = utf8_prefix(text);
    if (length == 0) return 0;
    const auto first = static_cast<std::uint8_t>(text[0]);
    const bool control =
        first < 0x20 || first == 0x7f || (first == 0xc2 && static_cast<std::uint8_t>(text[1]) < 0xa0);
    return control ? 0 : length;
}

bool is_printable(std::string_view text) {
    return consists_of(text, printable_prefix);
}

bool is_utf8(std::string_view text) {
    return consists_of(text, utf8_prefix);
}

std::string valid_utf8(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = utf8_prefix(text);
        result += length == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result;
}

std::string_view closest(std::string_view text, std::span<const std::string_view> candidates) {
    if (text.size() > longest_quote) return {};
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(1, text.size() / 3) + 1;
    for (const std::string_view candidate : candidates) {
        const std::size_t distance = edit_distance(lower(text), lower(candidate));
        if (distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_letter_or_digit(char c) {
    return is_letter(c) || is_digit(c);
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

std::string_view trimmed(std::string_view text, std::string_view blanks) {
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_http_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return is_letter_or_digit(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

}  // namespace rm
