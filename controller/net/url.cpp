// SPDX-License-Identifier: Apache-2.0
#include "net/url.h"

namespace rm::net {
namespace {

bool means_itself(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~").find(c) != std::string_view::npos;
}

}  // namespace

std::string encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (means_itself(c))
            result += c;
        else
            result.append({'%', digits[byte >> 4U], digits[byte & 15U]});
    }
    return result;
}

std::string form(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    std::string result;
    for (const auto& [name, value] : fields) {
        if (!result.empty()) result += '&';
        result += encoded(name) + '=' + encoded(value);
    }
    return result;
}

}  // namespace rm::net
