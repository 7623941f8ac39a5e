// SPDX-License-Identifier: Apache-2.0
#include "decide/calendar.h"

#include <chrono>
#include <exception>

#include <date/tz.h>
#include <fmt/format.h>

namespace rm::decide {
namespace {

using namespace std::chrono_literals;
using Seconds = std::chrono::seconds;
using SysSeconds = std::chrono::sys_seconds;

/// One stretch of time in which a zone's offset stays the same.
struct Stretch {
    std::string zone;
    SysSeconds begin;
    SysSeconds end;
    Seconds offset{0};
};

std::optional<Stretch> look_up(const std::string& zone, SysSeconds at) {
    try {
        const date::sys_info info = date::locate_zone(zone)->get_info(at);
        return Stretch{.zone = zone, .begin = info.begin, .end = info.end, .offset = info.offset};
    } catch (const std::exception&) {
        return std::nullopt;  // the caller says what that means
    }
}

std::optional<Seconds> offset_of(const std::string& zone, WallTime at) {
    if (zone == "UTC") return 0s;
    thread_local std::optional<Stretch> last;
    const auto second = std::chrono::floor<Seconds>(at);
    if (!last || last->zone != zone || second < last->begin || second >= last->end)
        last = look_up(zone, second);
    return last ? std::optional(last->offset) : std::nullopt;
}

LocalTime split(WallTime at, Seconds offset) {
    const auto local = std::chrono::floor<Seconds>(at) + offset;
    const auto midnight = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day day(midnight);
    return {.day = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                               static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day())),
            .time = {std::chrono::floor<std::chrono::minutes>(local - midnight)}};
}

LocalTime local_or_utc(const std::string& zone, WallTime at) {
    return split(at, offset_of(zone, at).value_or(0s));
}

}  // namespace

std::optional<LocalTime> local_time(const std::string& zone, WallTime at) {
    const auto offset = offset_of(zone, at);
    return offset ? std::optional(split(at, *offset)) : std::nullopt;
}

std::string local_day(const std::string& zone, WallTime at) {
    return local_or_utc(zone, at).day;
}

std::string print_when(const std::string& zone, WallTime when, WallTime now) {
    const LocalTime local = local_or_utc(zone, when);
    const std::string time = config::print(local.time);
    return local.day == local_day(zone, now) ? time : fmt::format("{} {}", local.day, time);
}

WallTime next_time(const std::string& zone, config::TimeOfDay at, WallTime now) {
    const Seconds offset = offset_of(zone, now).value_or(0s);
    const auto midnight = std::chrono::floor<std::chrono::days>(std::chrono::floor<Seconds>(now) + offset);
    SysSeconds local = midnight + at.since_midnight;
    if (local - offset <= now) local += std::chrono::days(1);
    // The offset of that moment may be another one than that of now.
    return local - offset_of(zone, local - offset).value_or(0s);
}

std::string print_short(Duration duration) {
    if (duration <= Duration(0)) return "0s";
    return duration < 1min ? rm::print(Duration(std::chrono::ceil<Seconds>(duration)))
                           : rm::print(Duration(std::chrono::ceil<std::chrono::minutes>(duration)));
}

Duration elapsed(WallTime from, WallTime to) {
    return std::chrono::floor<Duration>(to.time_since_epoch()) -
           std::chrono::floor<Duration>(from.time_since_epoch());
}

}  // namespace rm::decide
