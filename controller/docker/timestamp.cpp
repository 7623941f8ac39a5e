// SPDX-License-Identifier: Apache-2.0
#include "docker/timestamp.h"

#include <chrono>

#include "core/text.h"

namespace rm::docker {
namespace {

constexpr int nano_digits = 9;
constexpr int oldest_year = 1678;  // what a count of nanoseconds in 64 bits can tell
constexpr int newest_year = 2261;

/// Takes `digits` decimal digits from the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(0, digits)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = 10 * value + (c - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, char c) {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::chrono::year_month_day> take_date(std::string_view& text) {
    const auto year = take_number(text, 4);
    if (!year || !take(text, '-')) return std::nullopt;
    const auto month = take_number(text, 2);
    if (!month || !take(text, '-')) return std::nullopt;
    const auto day = take_number(text, 2);
    if (!day || !take(text, 'T')) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    return date.ok() ? std::optional(date) : std::nullopt;
}

std::optional<std::chrono::minutes> take_hour_and_minute(std::string_view& text) {
    const auto hour = take_number(text, 2);
    if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
    const auto minute = take_number(text, 2);
    if (!minute || *minute > 59) return std::nullopt;
    return std::chrono::hours(*hour) + std::chrono::minutes(*minute);
}

/// `.678901234`, or nothing at all.
std::optional<std::chrono::nanoseconds> take_fraction(std::string_view& text) {
    if (!take(text, '.')) return std::chrono::nanoseconds(0);
    std::int64_t value = 0;
    int digits = 0;
    for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1), ++digits) {
        if (digits == nano_digits) return std::nullopt;
        value = 10 * value + (text[0] - '0');
    }
    if (digits == 0) return std::nullopt;
    for (; digits < nano_digits; ++digits) value *= 10;
    return std::chrono::nanoseconds(value);
}

std::optional<std::chrono::nanoseconds> take_time(std::string_view& text) {
    const auto minutes = take_hour_and_minute(text);
    if (!minutes || !take(text, ':')) return std::nullopt;
    const auto seconds = take_number(text, 2);
    if (!seconds || *seconds > 59) return std::nullopt;
    const auto fraction = take_fraction(text);
    if (!fraction) return std::nullopt;
    return *minutes + std::chrono::seconds(*seconds) + *fraction;
}

/// `Z`, or how far the zone is ahead.
std::optional<std::chrono::minutes> take_zone(std::string_view& text) {
    if (take(text, 'Z')) return std::chrono::minutes(0);
    const bool ahead = text.starts_with('+');
    if (!take(text, '+') && !take(text, '-')) return std::nullopt;
    const auto minutes = take_hour_and_minute(text);
    if (!minutes) return std::nullopt;
    return ahead ? *minutes : -*minutes;
}

tl::unexpected<Error> no_time(std::string_view text) {
    return fail(ErrorCode::protocol, "{} is not a time like 2026-01-02T03:04:05.678901234Z", quoted(text));
}

}  // namespace

Result<std::optional<WallTime>> parse_timestamp(std::string_view text) {
    std::string_view rest = text;
    const auto date = take_date(rest);
    if (!date) return no_time(text);
    const auto time = take_time(rest);
    if (!time) return no_time(text);
    const auto zone = take_zone(rest);
    if (!zone || !rest.empty()) return no_time(text);
    const int year = static_cast<int>(date->year());
    if (year == 1 && date->month() == std::chrono::January && date->day() == std::chrono::day(1))
        return std::nullopt;
    if (year < oldest_year || year > newest_year) return no_time(text);
    return WallTime(std::chrono::sys_days(*date)) + *time - *zone;
}

std::string print_timestamp(WallTime time) {
    const auto nanos = std::chrono::time_point_cast<std::chrono::nanoseconds>(time);
    const auto days = std::chrono::floor<std::chrono::days>(nanos);
    const std::chrono::year_month_day date(days);
    const std::chrono::hh_mm_ss clock(nanos - days);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

WallTime from_nanos(std::int64_t nanos) {
    return WallTime(std::chrono::duration_cast<WallTime::duration>(std::chrono::nanoseconds(nanos)));
}

std::string print_seconds(WallTime time) {
    const auto since_1970 = std::chrono::nanoseconds(time.time_since_epoch());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since_1970);
    return fmt::format("{}.{:09}", seconds.count(), (since_1970 - seconds).count());
}

}  // namespace rm::docker
