// SPDX-License-Identifier: Apache-2.0
#include "app/views/terminal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/text.h"

namespace rm::app {
namespace {

constexpr std::size_t narrowest = 20;
constexpr std::size_t widest = 500;
constexpr std::size_t endless = 1000;

std::string value(const std::map<std::string, std::string>& environment, const std::string& name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
}

std::size_t width_from(int descriptor, bool is_terminal, const std::string& columns) {
    std::size_t width = 0;
    const auto [end, error] = std::from_chars(columns.data(), columns.data() + columns.size(), width);
    if (error == std::errc() && end == columns.data() + columns.size() && width > 0)
        return std::clamp(width, narrowest, widest);
    if (!is_terminal) return endless;
    winsize size{};
    if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return std::clamp(static_cast<std::size_t>(size.ws_col), narrowest, widest);
    return Terminal().width;
}

/// The first of these that is set decides, as everywhere.
bool locale_is_utf8(const std::map<std::string, std::string>& environment) {
    for (const auto* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const std::string locale = lower(value(environment, name));
        if (locale.empty()) continue;
        return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
    }
    return false;
}

std::string_view code_of(Paint paint) {
    switch (paint) {
        case Paint::none:
            return "";
        case Paint::bold:
            return "\x1b[1m";
        case Paint::dim:
            return "\x1b[2m";
        case Paint::red:
            return "\x1b[31m";
        case Paint::blue:
            return "\x1b[34m";
        case Paint::green:
            return "\x1b[32m";
    }
    return "";
}

}  // namespace

Terminal terminal_of(int descriptor, const std::map<std::string, std::string>& environment) {
    const bool is_terminal = isatty(descriptor) == 1;
    return {.width = width_from(descriptor, is_terminal, value(environment, "COLUMNS")),
            .colour =
                is_terminal && value(environment, "NO_COLOR").empty() && value(environment, "TERM") != "dumb",
            .utf8 = locale_is_utf8(environment)};
}

std::string painted(std::string_view text, Paint paint, const Terminal& terminal) {
    if (!terminal.colour || paint == Paint::none || text.empty()) return std::string(text);
    return fmt::format("{}{}\x1b[0m", code_of(paint), text);
}

std::string bar(double share, std::size_t width, const Terminal& terminal) {
    constexpr std::array<std::string_view, 8> parts{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    const double full = std::clamp(std::isfinite(share) ? share : 0.0, 0.0, 1.0);
    if (!terminal.utf8) {
        const auto marks = static_cast<std::size_t>(std::lround(full * static_cast<double>(width)));
        return '[' + std::string(marks, '#') + std::string(width - marks, '.') + ']';
    }
    const auto eighths = static_cast<std::size_t>(std::lround(full * static_cast<double>(width) * 8));
    std::string text = "▕";
    for (std::size_t i = 0; i < eighths / 8; ++i) text += "█";
    text += parts.at(eighths % 8);
    text += std::string(width - eighths / 8 - (eighths % 8 == 0 ? 0 : 1), ' ');
    return text + "▏";
}

}  // namespace rm::app
