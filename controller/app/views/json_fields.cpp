// SPDX-License-Identifier: Apache-2.0
#include "app/views/json_fields.h"

#include <array>
#include <charconv>
#include <chrono>

#include "app/views/text.h"
#include "core/text.h"

namespace rm::app {
namespace {

namespace json = boost::json;

std::optional<int> digits(std::string_view text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || text.front() == '-') return std::nullopt;
    return number;
}

}  // namespace

Result<json::value> parse_json(std::string_view text) {
    json::error_code error;
    json::value value = json::parse(text, error);
    if (error) return fail(ErrorCode::protocol, "the answer is not JSON: {}", error.message());
    return value;
}

std::optional<WallTime> parse_time(std::string_view text) {
    constexpr std::string_view form = "0000-00-00T00:00:00Z";
    if (text.size() != form.size()) return std::nullopt;
    for (std::size_t i = 0; i < form.size(); ++i)
        if (form[i] != '0' && text[i] != form[i]) return std::nullopt;
    const std::array<std::optional<int>, 6> parts{digits(text.substr(0, 4)),  digits(text.substr(5, 2)),
                                                  digits(text.substr(8, 2)),  digits(text.substr(11, 2)),
                                                  digits(text.substr(14, 2)), digits(text.substr(17, 2))};
    for (const auto& part : parts)
        if (!part) return std::nullopt;
    const std::chrono::year_month_day day{std::chrono::year(*parts[0]),
                                          std::chrono::month(static_cast<unsigned>(*parts[1])),
                                          std::chrono::day(static_cast<unsigned>(*parts[2]))};
    if (!day.ok() || *parts[3] > 23 || *parts[4] > 59 || *parts[5] > 60) return std::nullopt;
    return WallTime(std::chrono::sys_days(day)) + std::chrono::hours(*parts[3]) +
           std::chrono::minutes(*parts[4]) + std::chrono::seconds(*parts[5]);
}

JsonFields::JsonFields(const json::value& value, std::string where)
    : object_(value.if_object()), where_(std::move(where)) {
    if (object_ == nullptr) status_ = fail(ErrorCode::protocol, "{} in the answer is not an object", where_);
}

void JsonFields::mistake(std::string_view name, std::string_view expected) {
    if (status_) status_ = fail(ErrorCode::protocol, "{}.{} in the answer is not {}", where_, name, expected);
}

void JsonFields::keep(const Error& error) {
    if (status_) status_ = fail(error);
}

const json::value& JsonFields::member(std::string_view name) {
    static const json::value nothing;
    const json::value* const found = object_ == nullptr ? nullptr : object_->if_contains(name);
    return found == nullptr ? nothing : *found;
}

const json::array* JsonFields::items(std::string_view name) {
    const json::array* const found = member(name).if_array();
    if (found == nullptr) mistake(name, "a list");
    return found;
}

bool JsonFields::flag(std::string_view name) {
    const bool* const found = member(name).if_bool();
    if (found == nullptr) mistake(name, "true or false");
    return found != nullptr && *found;
}

std::int64_t JsonFields::count(std::string_view name) {
    const std::int64_t* const found = member(name).if_int64();
    if (found == nullptr) mistake(name, "a whole number");
    return found == nullptr ? 0 : *found;
}

double JsonFields::number(std::string_view name) {
    const auto found = maybe_number(name);
    if (!found) mistake(name, "a number");
    return found.value_or(0);
}

std::optional<double> JsonFields::maybe_number(std::string_view name) {
    const json::value& found = member(name);
    if (found.is_null()) return std::nullopt;
    if (found.is_double()) return found.get_double();
    if (found.is_int64()) return static_cast<double>(found.get_int64());
    if (found.is_uint64()) return static_cast<double>(found.get_uint64());
    mistake(name, "a number");
    return std::nullopt;
}

std::string JsonFields::text(std::string_view name) {
    if (!member(name).is_string()) mistake(name, "a text");
    return maybe_text(name);
}

std::string JsonFields::maybe_text(std::string_view name) {
    const json::value& found = member(name);
    if (found.is_null()) return {};
    if (found.is_string()) return harmless(found.get_string());
    mistake(name, "a text");
    return {};
}

WallTime JsonFields::time(std::string_view name) {
    const auto found = maybe_time(name);
    if (!found) mistake(name, "a time");
    return found.value_or(WallTime());
}

std::optional<WallTime> JsonFields::maybe_time(std::string_view name) {
    if (member(name).is_null()) return std::nullopt;
    const auto found = parse_time(maybe_text(name));
    if (!found) mistake(name, "a time");
    return found;
}

}  // namespace rm::app
