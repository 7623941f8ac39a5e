// SPDX-License-Identifier: Apache-2.0
#include "app/process_mark.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

namespace rm::app {
namespace {

constexpr int words_before_start = 19;  // after the name, in /proc/PID/stat

/// Which system this is since when, and what numbers and times of processes mean in it. Empty: not known.
std::string host_and_spaces() {
    std::string boot;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
    std::error_code unknown;
    const auto numbers = std::filesystem::read_symlink("/proc/self/ns/pid", unknown);
    if (boot.empty() || unknown) return {};
    // A kernel that does not know of the other one has but one time.
    std::error_code none;
    const auto times = std::filesystem::read_symlink("/proc/self/ns/time", none);
    return fmt::format("{}/{}/{}", boot, numbers.string(), none ? "" : times.string());
}

/// When it was started, in ticks since the system was.
std::optional<std::string> start_of(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    const auto name_end = line.rfind(')');
    if (name_end == std::string::npos) return std::nullopt;
    std::istringstream words(line.substr(name_end + 1));
    std::string word;
    for (int i = 0; i <= words_before_start; ++i) words >> word;
    return words ? std::optional(word) : std::nullopt;
}

std::optional<pid_t> read_process_number(std::string_view text) {
    pid_t pid = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), pid);
    if (wrong != std::errc() || end != text.data() + text.size() || pid <= 0) return std::nullopt;
    return pid;
}

/// The part behind the last slash, which is taken off.
std::string_view take_last(std::string_view& text) {
    const auto slash = text.rfind('/');
    if (slash == std::string_view::npos) return {};
    const std::string_view last = text.substr(slash + 1);
    text.remove_suffix(text.size() - slash);
    return last;
}

}  // namespace

std::string process_mark() {
    const std::string where = host_and_spaces();
    const auto start = start_of(getpid());
    if (where.empty() || !start) return {};
    return fmt::format("{}/{}/{}", where, getpid(), *start);
}

bool has_ended(std::string_view mark) {
    const std::string_view start = take_last(mark);
    const auto pid = read_process_number(take_last(mark));
    if (start.empty() || !pid || mark.empty() || mark != host_and_spaces()) return false;
    // Processes of others may be hidden from us in /proc, but not from this.
    if (kill(*pid, 0) != 0 && errno == ESRCH) return true;
    const auto start_now = start_of(*pid);
    return start_now && *start_now != start;
}

}  // namespace rm::app
