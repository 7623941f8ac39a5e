// SPDX-License-Identifier: Apache-2.0
#include "config/timezone.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string>

namespace rm::config {
namespace {

constexpr std::size_t longest_name = 64;

/// Letters, digits, `/`, `_`, `+`, `-`: nothing that could leave the folder.
bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= longest_name && name.front() >= 'A' && name.front() <= 'Z' &&
           std::ranges::all_of(name, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '/' || c == '_' || c == '+' || c == '-';
           });
}

}  // namespace

bool is_timezone(std::string_view name) {
    if (name == "UTC") return true;
    if (!is_name(name)) return false;
    std::ifstream file(std::filesystem::path("/usr/share/zoneinfo") / name, std::ios::binary);
    std::array<char, 4> magic{};
    file.read(magic.data(), magic.size());
    return file.gcount() == 4 && std::string_view(magic.data(), magic.size()) == "TZif";
}

}  // namespace rm::config
