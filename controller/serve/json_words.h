// SPDX-License-Identifier: Apache-2.0
// How our values are written in the API's JSON: times in RFC 3339, amounts in base units with the unit in the
// member's name, `null` for what is not there, text in valid UTF-8. Internal to serve/: includes Boost.JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "core/clock.h"
#include "core/limits.h"
#include "core/ratio.h"
#include "core/usage.h"

namespace rm::serve {

/// The text of `value` with a line break behind it. Numbers are written as people write them, `0.5`, where
/// Boost.JSON would say `5E-1`.
std::string print(const boost::json::value& value);

/// `2026-03-29T01:30:00Z`; what is finer than a second is dropped.
std::string print_time(WallTime time);

boost::json::value words(std::string_view text);          // as it is, in valid UTF-8
boost::json::value words_or_null(std::string_view text);  // null when empty
boost::json::value time(const std::optional<WallTime>& time);
boost::json::value amount(const std::optional<Cores>& cores);
boost::json::value amount(const std::optional<Bytes>& bytes);
boost::json::value amount(const std::optional<Ratio>& ratio);
double seconds(Duration duration);

/// `{"cpu_cores": 0.5, "memory_bytes": null}`; null is unlimited.
boost::json::object limits(const Limits& limits);

boost::json::value plain(Cores cores);
boost::json::value plain(Bytes bytes);
boost::json::value plain(Ratio ratio);
boost::json::value plain(std::int64_t count);

/// Puts `name` with the reading, and `gap` with why there is none; one of them is null.
template <class T>
void put(boost::json::object& object, std::string_view name, std::string_view gap,
         const Reading<T>& reading) {
    object[name] = reading ? plain(*reading) : boost::json::value(nullptr);
    object[gap] = reading ? boost::json::value(nullptr) : boost::json::value(to_string(reading.error()));
}

}  // namespace rm::serve
