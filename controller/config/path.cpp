// SPDX-License-Identifier: Apache-2.0
#include "config/path.h"

#include <algorithm>

#include "core/text.h"

namespace rm::config {
namespace {

bool is_word(std::string_view key) {
    constexpr std::size_t longest = 80;
    return !key.empty() && key.size() <= longest && std::ranges::all_of(key, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-' || c == '/' || c == '.';
    });
}

}  // namespace

std::string join(std::string_view path, std::string_view key) {
    std::string result(path);
    if (!result.empty()) result += '.';
    return result += is_word(key) ? std::string(key) : quoted(key);
}

std::string service_path(const ServiceName& service, std::string_view path) {
    std::string result = join("services", print(service));
    if (!path.empty()) (result += '.') += path;
    return result;
}

}  // namespace rm::config
