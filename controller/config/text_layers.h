// SPDX-License-Identifier: Apache-2.0
// How values are written where there is no YAML file around them.
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "config/given.h"
#include "config/kind.h"
#include "config/node.h"

namespace rm::config {

/// `RM_MONITORING__CHECK_INTERVAL`.
std::string variable_name(std::string_view path);

/// A value as a variable, an argument or the table has it: texts as they are; lists as `[a, b]` or `a, b`;
/// maps as `{a: b}`. Says what is wrong with the YAML otherwise.
tl::expected<Node, std::string> node_of(std::string_view text, Form form);

/// As `give`, of a value that is such a text.
void give_text(Given& given, const Place& place, std::string_view text, const Origin& origin);

}  // namespace rm::config
