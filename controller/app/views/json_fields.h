// SPDX-License-Identifier: Apache-2.0
// JsonFields: reads the members of one JSON object, strict about their types and silent about members that it
// is not asked for, so that an older program reads a newer answer. The first mistake is kept and the rest is
// read as nothing: a struct can be filled in one expression. Must not outlive the value.
//     JsonFields read(value, "check");
//     return read.result(Head{.at = read.time("at"), ...});
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "core/clock.h"
#include "core/result.h"

namespace rm::app {

/// The JSON of an answer; an error if it is none or nested too deeply.
Result<boost::json::value> parse_json(std::string_view text);

/// `2026-03-29T01:30:00Z`; nothing if it is not written like that.
std::optional<WallTime> parse_time(std::string_view text);

class JsonFields {
public:
    /// `where` is named in errors. Anything but an object is a mistake.
    JsonFields(const boost::json::value& value, std::string where);

    // Those with `maybe` take null, and a member that is missing, for nothing.
    bool flag(std::string_view name);
    std::int64_t count(std::string_view name);
    double number(std::string_view name);
    std::string text(std::string_view name);  // made harmless for a terminal
    WallTime time(std::string_view name);
    std::optional<double> maybe_number(std::string_view name);
    std::string maybe_text(std::string_view name);  // empty for nothing
    std::optional<WallTime> maybe_time(std::string_view name);

    /// The member itself, for a JsonFields of its own; null where it is missing.
    const boost::json::value& member(std::string_view name);

    /// Each item of a list as `read` reads it: a function from a value to a Result<T>.
    template <class T>
    std::vector<T> list(std::string_view name, Result<T> (*read)(const boost::json::value&));

    /// The member as `read` reads it.
    template <class T>
    T part(std::string_view name, Result<T> (*read)(const boost::json::value&));
    template <class T>
    std::optional<T> maybe_part(std::string_view name, Result<T> (*read)(const boost::json::value&));

    template <class T>
    [[nodiscard]] Result<T> result(T filled) const {
        if (!status_) return fail(status_.error());
        return filled;
    }

private:
    void mistake(std::string_view name, std::string_view expected);
    void keep(const Error& error);
    const boost::json::array* items(std::string_view name);

    const boost::json::object* object_;
    std::string where_;
    Status status_;
};

template <class T>
std::vector<T> JsonFields::list(std::string_view name, Result<T> (*read)(const boost::json::value&)) {
    std::vector<T> all;
    const boost::json::array* const found = items(name);
    if (found == nullptr) return all;
    all.reserve(found->size());
    for (const boost::json::value& item : *found) {
        auto one = read(item);
        if (!one) {
            keep(one.error());
            return all;
        }
        all.push_back(*std::move(one));
    }
    return all;
}

template <class T>
T JsonFields::part(std::string_view name, Result<T> (*read)(const boost::json::value&)) {
    auto found = read(member(name));
    if (found) return *std::move(found);
    keep(found.error());
    return T{};
}

template <class T>
std::optional<T> JsonFields::maybe_part(std::string_view name, Result<T> (*read)(const boost::json::value&)) {
    if (member(name).is_null()) return std::nullopt;
    return part(name, read);
}

}  // namespace rm::app
