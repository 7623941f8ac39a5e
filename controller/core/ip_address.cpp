// SPDX-License-Identifier: Apache-2.0
#include "core/ip_address.h"

#include <string>

#include <arpa/inet.h>

namespace rm {
namespace {

constexpr std::string_view in_names = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";

bool consists_of(std::string_view text, std::string_view characters) {
    return text.find_first_not_of(characters) == std::string_view::npos;
}

bool is_dns_name(std::string_view text) {
    return !text.empty() && text.size() <= 253 && text[0] != '.' && text[0] != '-' &&
           consists_of(text, in_names);
}

}  // namespace

// The C function would stop at a zero byte, so that the characters are looked at first.

bool is_ipv4(std::string_view text) {
    in_addr address{};
    return consists_of(text, "0123456789.") && inet_pton(AF_INET, std::string(text).c_str(), &address) == 1;
}

bool is_ipv6(std::string_view text) {
    in6_addr address{};
    return consists_of(text, "0123456789abcdefABCDEF:.") &&
           inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

bool is_host(std::string_view text) {
    if (!text.starts_with('[')) return is_dns_name(text);
    return text.size() > 2 && text.ends_with(']') && is_ipv6(text.substr(1, text.size() - 2));
}

}  // namespace rm
