// SPDX-License-Identifier: Apache-2.0
#include "app/views/text.h"

#include <algorithm>

#include "core/text.h"

namespace rm::app {
namespace {

constexpr std::string_view ellipsis = "...";

/// U+200E, U+200F, U+202A to U+202E and U+2066 to U+2069 in UTF-8.
bool turns_direction(std::string_view character) {
    if (character.size() != 3 || character[0] != '\xe2') return false;
    const auto last = static_cast<unsigned char>(character[2]);
    if (character[1] == '\x80') return last == 0x8e || last == 0x8f || (last >= 0xaa && last <= 0xae);
    return character[1] == '\x81' && last >= 0xa6 && last <= 0xa9;
}

bool begins_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U;
}

/// Where the character behind the first `count` ones begins.
std::size_t after_characters(std::string_view text, std::size_t count) {
    std::size_t at = 0;
    for (; at < text.size(); ++at)
        if (begins_character(text[at]) && count-- == 0) break;
    return at;
}

}  // namespace

std::string harmless(std::string_view text) {
    std::string clean;
    clean.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = printable_prefix(text);
        const std::string_view character = text.substr(0, length);
        if (length == 0 || turns_direction(character))
            clean += '?';
        else
            clean += character;
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return clean;
}

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

std::string shortened(std::string_view text, std::size_t width) {
    if (width_of(text) <= width) return std::string(text);
    if (width <= ellipsis.size()) return std::string(text.substr(0, after_characters(text, width)));
    std::string_view kept = text.substr(0, after_characters(text, width - ellipsis.size()));
    while (kept.ends_with(' ')) kept.remove_suffix(1);
    return std::string(kept) + std::string(ellipsis);
}

std::string filled(std::string_view text, std::size_t width) {
    const std::size_t present = width_of(text);
    return std::string(text) + std::string(width > present ? width - present : 0, ' ');
}

std::vector<std::string> folded(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    std::string line;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (word.empty()) continue;
        if (!line.empty() && width_of(line) + 1 + width_of(word) > width) {
            lines.push_back(std::move(line));
            line.clear();
        }
        line += line.empty() ? std::string(word) : ' ' + std::string(word);
    }
    lines.push_back(std::move(line));
    return lines;
}

}  // namespace rm::app
