// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/signals.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/text.h"

namespace rm::docker {
namespace {

using namespace std::string_view_literals;

/// By number, from 1 on.
constexpr std::array signal_names{"hup"sv,  "int"sv,    "quit"sv, "ill"sv,  "trap"sv,   "abrt"sv, "bus"sv,
                                  "fpe"sv,  "kill"sv,   "usr1"sv, "segv"sv, "usr2"sv,   "pipe"sv, "alrm"sv,
                                  "term"sv, "stkflt"sv, "chld"sv, "cont"sv, "stop"sv,   "tstp"sv, "ttin"sv,
                                  "ttou"sv, "urg"sv,    "xcpu"sv, "xfsz"sv, "vtalrm"sv, "prof"sv, "winch"sv,
                                  "io"sv,   "pwr"sv,    "sys"sv};
constexpr int highest = 64;

}  // namespace

std::optional<int> signal_number(std::string_view text) {
    int number = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (wrong == std::errc() && end == text.data() + text.size())
        return number > 0 && number <= highest ? std::optional(number) : std::nullopt;
    const std::string name = lower(text);
    const std::string_view bare = std::string_view(name).substr(name.starts_with("sig") ? 3 : 0);
    const auto* const found = std::ranges::find(signal_names, bare);
    if (found == signal_names.end()) return std::nullopt;
    return static_cast<int>(found - signal_names.begin()) + 1;
}

}  // namespace rm::docker
