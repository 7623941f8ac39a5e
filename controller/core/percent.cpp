// SPDX-License-Identifier: Apache-2.0
#include "core/percent.h"

#include <cstddef>

namespace rm {
namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        char c = text[0];
        std::size_t length = 1;
        if (c == '%') {
            const int high = text.size() < 3 ? -1 : hex_value(text[1]);
            const int low = text.size() < 3 ? -1 : hex_value(text[2]);
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            length = 3;
        }
        result += c;
        text.remove_prefix(length);
    }
    return result;
}

}  // namespace rm
