// SPDX-License-Identifier: Apache-2.0
// Short ways to read what a peer answered: whatever is missing or of another type is empty, zero or false.
// For .cpp files; the lab's other headers show plain types.
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "core/result.h"

namespace rm::lab {

Result<boost::json::value> parse_json(std::string_view text);

/// `where` is a JSON pointer: "/State/Health/Status".
std::string text_at(const boost::json::value& value, std::string_view where);
double number_at(const boost::json::value& value, std::string_view where);
bool true_at(const boost::json::value& value, std::string_view where);
const boost::json::object& object_at(const boost::json::value& value, std::string_view where);
const boost::json::array& array_at(const boost::json::value& value, std::string_view where);

}  // namespace rm::lab
