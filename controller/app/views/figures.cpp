// SPDX-License-Identifier: Apache-2.0
#include "app/views/figures.h"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace rm::app {
namespace {

/// Without zeros behind the last digit that says something.
std::string trimmed(std::string number) {
    if (number.find('.') == std::string::npos) return number;
    while (number.ends_with('0')) number.pop_back();
    if (number.ends_with('.')) number.pop_back();
    return number;
}

std::string cores_or_none(const std::optional<double>& cores) {
    return cores ? print_cores(*cores) : "unlimited";
}

std::string memory_or_none(const std::optional<double>& bytes) {
    return bytes ? print_memory(*bytes) : "unlimited";
}

}  // namespace

std::string print_cores(double cores) {
    return trimmed(fmt::format("{:.2f}", cores));
}

std::string print_memory(double bytes) {
    constexpr double kibi = 1024;
    constexpr std::array units{'K', 'M', 'G', 'T'};
    if (bytes < kibi) return fmt::format("{:.0f}B", bytes);
    double amount = bytes / kibi;
    std::size_t unit = 0;
    for (; unit + 1 < units.size() && std::round(amount) >= kibi; ++unit) amount /= kibi;
    return trimmed(fmt::format("{:.{}f}", amount, unit < 2 ? 0 : 1)) + units.at(unit);
}

std::string print_percent(double ratio) {
    return fmt::format("{:.0f}%", ratio * 100);
}

std::string print_brief(Duration duration) {
    struct Unit {
        char letter;
        std::int64_t seconds;
    };
    constexpr std::array units{Unit{'d', 86400}, Unit{'h', 3600}, Unit{'m', 60}, Unit{'s', 1}};
    std::int64_t rest = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
    if (rest <= 0) return "0s";
    std::string text;
    int shown = 0;
    for (const Unit unit : units) {
        const std::int64_t amount = rest / unit.seconds;
        rest %= unit.seconds;
        if (amount == 0 && shown == 0) continue;
        if (amount != 0) text += fmt::format("{}{}", amount, unit.letter);
        if (++shown == 2) break;
    }
    return text;
}

std::string print_moment(WallTime time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    return fmt::format("{:%Y-%m-%d %H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(whole)));
}

std::string print_change(const LimitsView& from, const LimitsView& to) {
    std::string text;
    if (from.cpu != to.cpu)
        text = fmt::format("{} -> {} CPU", cores_or_none(from.cpu), cores_or_none(to.cpu));
    if (from.memory != to.memory)
        text += fmt::format("{}{} -> {} memory", text.empty() ? "" : ", ", memory_or_none(from.memory),
                            memory_or_none(to.memory));
    return text.empty() ? "no change" : text;
}

std::string print_limits(const LimitsView& limits) {
    return fmt::format("{} CPU, {} memory", cores_or_none(limits.cpu), memory_or_none(limits.memory));
}

}  // namespace rm::app
