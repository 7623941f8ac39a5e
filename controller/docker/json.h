// SPDX-License-Identifier: Apache-2.0
// What the readers of the engine's answers share: JSON read under caps, and members of objects with the type
// they must have. A member that is missing or null is absent; one of another type is an error that names it.
// Internal to docker/; for .cpp files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "core/result.h"

namespace rm::docker {

/// How deeply a document may be nested.
constexpr std::size_t deepest_json = 32;

/// Reads `text`, which is at most `cap` bytes long and not deeply nested, as JSON.
Result<boost::json::value> parse_json(std::string_view text, std::size_t cap);

/// The same, where it must be an object; `what` names it in the message.
Result<boost::json::object> parse_object(std::string_view text, std::size_t cap, std::string_view what);

/// The members of a document that must be an object.
Result<const boost::json::object*> object_of(const boost::json::value& value, std::string_view what);

/// The member's value; null when it is absent.
const boost::json::value* member(const boost::json::object& object, std::string_view name);

/// A text that must be there.
Result<std::string> text_at(const boost::json::object& object, std::string_view name);
/// Empty when it is absent.
Result<std::string> text_or_empty(const boost::json::object& object, std::string_view name);

Result<std::optional<std::int64_t>> integer_at(const boost::json::object& object, std::string_view name);
/// 0 when it is absent; an error when it is negative.
Result<std::int64_t> count_at(const boost::json::object& object, std::string_view name);
/// False when it is absent.
Result<bool> flag_at(const boost::json::object& object, std::string_view name);
/// Empty when it is absent.
Result<const boost::json::object*> object_at(const boost::json::object& object, std::string_view name);

/// `text` as part of a message: what can't be printed replaced, cut after some `longest` bytes.
std::string printable(std::string_view text, std::size_t longest = 300);

}  // namespace rm::docker
