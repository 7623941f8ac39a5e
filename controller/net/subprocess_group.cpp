// SPDX-License-Identifier: Apache-2.0
#include "net/subprocess_group.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace rm::net {
namespace {

std::string_view next_word(std::string_view& text) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

}  // namespace

bool is_running_member(std::string_view stat, pid_t leader) {
    const std::string number = std::to_string(leader);
    if (next_word(stat) == number) return false;
    const std::size_t name_end = stat.rfind(") ");  // a name may have anything in it
    if (name_end == std::string_view::npos) return false;
    stat.remove_prefix(name_end + 2);
    const std::string_view state = next_word(stat);
    next_word(stat);  // its parent
    return next_word(stat) == number && state != "Z" && state != "X";
}

bool has_running_members(pid_t leader) {
    namespace fs = std::filesystem;
    std::error_code error;
    for (fs::directory_iterator it("/proc", error), end; !error && it != end; it.increment(error)) {
        const std::string name = it->path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        std::ifstream file(it->path() / "stat");
        std::string stat;
        if (std::getline(file, stat) && is_running_member(stat, leader)) return true;
    }
    return false;
}

}  // namespace rm::net
