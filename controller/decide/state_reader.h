// SPDX-License-Identifier: Apache-2.0
// Fields: the members of one JSON object of a stored state, read strictly. The first thing that is wrong is
// kept as a sentence in the `problem` that all fields of a text share. Used only while that text is parsed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>
#include <boost/json/object.hpp>

#include "core/clock.h"
#include "core/result.h"
#include "decide/state.h"

namespace rm::decide {

inline constexpr std::int64_t state_version = 1;
inline constexpr std::int64_t most = 1'000'000'000;  // of anything that is counted in checks or per day

/// Nanoseconds since 1970.
std::int64_t nanos(WallTime time);

/// The object that `text` holds, of a version that can be read.
Result<boost::json::object> read_object(std::string_view text);

/// A member that is not there leaves its target as it is.
class Fields {
public:
    Fields(const boost::json::object& object, std::string& problem) : object_(object), problem_(problem) {}

    void number(std::string_view name, std::int64_t least, std::int64_t greatest, std::int64_t& into) const;
    void flag(std::string_view name, bool& into) const;
    [[nodiscard]] std::optional<std::int64_t> amount(std::string_view name) const;
    [[nodiscard]] std::optional<WallTime> time(std::string_view name) const;
    [[nodiscard]] std::optional<Fields> object(std::string_view name) const;
    /// The members `day` and `count`.
    void day_count(DayCount& into) const;
    /// Every member: a container's id and a count.
    void counters(std::map<std::string, std::int64_t>& into) const;

    void complain(std::string_view name, std::string_view what) const;

private:
    const boost::json::object& object_;
    std::string& problem_;
};

}  // namespace rm::decide
