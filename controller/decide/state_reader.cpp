// SPDX-License-Identifier: Apache-2.0
#include "decide/state_reader.h"

#include <algorithm>
#include <exception>
#include <limits>

#include <boost/json.hpp>

#include "core/names.h"
#include "core/text.h"

namespace rm::decide {
namespace {

namespace json = boost::json;

/// Until the year 2200: sums of such a time and any duration of the configuration fit.
constexpr std::int64_t latest = 7'258'118'400'000'000'000;

bool is_day(std::string_view text) {
    constexpr std::string_view pattern = "dddd-dd-dd";
    return std::ranges::equal(
        text, pattern, [](char c, char like) { return like == 'd' ? c >= '0' && c <= '9' : c == like; });
}

Result<json::value> read_json(std::string_view text) {
    try {
        json::error_code error;
        json::value value = json::parse(json::string_view(text.data(), text.size()), error);
        if (error) return fail(ErrorCode::corrupt, "it is no JSON: {}", error.message());
        return value;
    } catch (const std::exception& problem) {
        return fail(ErrorCode::corrupt, "it can not be read: {}", problem.what());
    }
}

}  // namespace

std::int64_t nanos(WallTime time) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

Result<json::object> read_object(std::string_view text) {
    const auto value = read_json(text);
    if (!value) return fail(value.error());
    const json::object* object = value->if_object();
    if (object == nullptr) return fail(ErrorCode::corrupt, "it is no object");
    const json::value* version = object->if_contains("version");
    const std::int64_t* number = version == nullptr ? nullptr : version->if_int64();
    if (number == nullptr) return fail(ErrorCode::corrupt, "its version is missing");
    if (*number != state_version)
        return fail(ErrorCode::unsupported, "it is of version {}, and this program reads version {}", *number,
                    state_version);
    return *object;
}

void Fields::complain(std::string_view name, std::string_view what) const {
    if (problem_.empty()) problem_ = fmt::format("{} {}", quoted(name), what);
}

void Fields::number(std::string_view name, std::int64_t least, std::int64_t greatest,
                    std::int64_t& into) const {
    const json::value* value = object_.if_contains(name);
    if (value == nullptr) return;
    const std::int64_t* found = value->if_int64();
    if (found == nullptr || *found < least || *found > greatest)
        complain(name, fmt::format("must be a whole number from {} to {}", least, greatest));
    else
        into = *found;
}

void Fields::flag(std::string_view name, bool& into) const {
    const json::value* value = object_.if_contains(name);
    if (value == nullptr) return;
    if (const bool* found = value->if_bool())
        into = *found;
    else
        complain(name, "must be true or false");
}

std::optional<std::int64_t> Fields::amount(std::string_view name) const {
    if (!object_.contains(name)) return std::nullopt;
    std::int64_t found = 0;
    number(name, 0, std::numeric_limits<std::int64_t>::max(), found);
    return found;
}

std::optional<WallTime> Fields::time(std::string_view name) const {
    if (!object_.contains(name)) return std::nullopt;
    std::int64_t found = 0;
    number(name, 0, latest, found);
    return WallTime(std::chrono::duration_cast<WallTime::duration>(std::chrono::nanoseconds(found)));
}

std::optional<Fields> Fields::object(std::string_view name) const {
    const json::value* value = object_.if_contains(name);
    if (value == nullptr) return std::nullopt;
    if (const json::object* found = value->if_object()) return Fields(*found, problem_);
    complain(name, "must be an object");
    return std::nullopt;
}

void Fields::day_count(DayCount& into) const {
    number("count", 0, most, into.count);
    const json::value* day = object_.if_contains("day");
    if (day == nullptr) return;
    const json::string* text = day->if_string();
    if (text == nullptr || !(text->empty() || is_day({text->data(), text->size()})))
        complain("day", "must be a day like 2026-03-29");
    else
        into.day.assign(text->data(), text->size());
}

void Fields::counters(std::map<std::string, std::int64_t>& into) const {
    for (const auto& member : object_) {
        const std::string_view id(member.key().data(), member.key().size());
        if (!ContainerId::parse(id)) complain(id, "is no container's id");
        number(id, 0, std::numeric_limits<std::int64_t>::max(), into[std::string(id)]);
    }
}

}  // namespace rm::decide
