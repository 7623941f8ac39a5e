// SPDX-License-Identifier: Apache-2.0
#include "core/duration.h"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>

#include "core/decimal.h"
#include "core/text.h"

namespace rm {
namespace {

struct TimeUnit {
    std::string_view name;
    std::int64_t millis;
};

constexpr std::int64_t second = 1000;
constexpr std::array time_units{TimeUnit{"d", 86'400 * second}, TimeUnit{"h", 3600 * second},
                                TimeUnit{"m", 60 * second}, TimeUnit{"s", second}, TimeUnit{"ms", 1}};

std::optional<std::size_t> take_unit(std::string_view& text) {
    const std::string_view name = text.substr(0, text.find_first_not_of("dhms"));
    for (std::size_t i = 0; i < time_units.size(); ++i) {
        if (name != time_units[i].name) continue;
        text.remove_prefix(name.size());
        return i;
    }
    return std::nullopt;
}

std::optional<std::int64_t> parse_millis(std::string_view text) {
    std::int64_t total = 0;
    std::size_t next_unit = 0;
    bool any = false;
    while (!text.empty()) {
        const auto number = Decimal::take(text);
        if (!number) return std::nullopt;
        if (!any && text.empty()) return number->times_exactly(second);
        const auto unit = take_unit(text);
        if (!unit || *unit < next_unit) return std::nullopt;
        const auto part = number->times_exactly(time_units[*unit].millis);
        if (!part || *part > std::numeric_limits<std::int64_t>::max() - total) return std::nullopt;
        total += *part;
        next_unit = *unit + 1;
        any = true;
    }
    return any ? std::optional(total) : std::nullopt;
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
    if (const auto millis = parse_millis(text)) return Duration(*millis);
    return fail(ErrorCode::invalid, "{} is not a duration: write it like 30m, 1h30m, 250ms or in seconds",
                quoted(text));
}

std::string print(Duration duration) {
    if (duration == Duration::zero()) return "0s";
    std::string text;
    std::int64_t rest = duration.count();
    for (const TimeUnit unit : time_units) {
        if (unit.name == "d") continue;  // 168h says more than 7d to those who wrote 168h
        if (rest / unit.millis != 0) text += fmt::format("{}{}", rest / unit.millis, unit.name);
        rest %= unit.millis;
    }
    return text;
}

}  // namespace rm
