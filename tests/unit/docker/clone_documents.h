// SPDX-License-Identifier: Apache-2.0
// Documents of containers as inspecting tells them, for the tests of clone() and its guard.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "docker/clone.h"

namespace rm::docker::test {

/// One member that a user can set, with a value unlike the default.
struct Field {
    std::string_view part;  // "Config", "HostConfig", "Endpoint"
    std::string_view name;
    std::string_view value;         // JSON
    std::string_view changed = {};  // the same as a request must have it; empty: as it is
};

/// Every member of Config, HostConfig and EndpointsConfig that the API has from 1.40 to 1.52, but for the
/// limits.
const std::vector<Field>& fields();

/// A container of Compose 1.29 on Engine 20.10, in the network shop_default: 64 MiB, twice that with swap,
/// half a CPU.
boost::json::value blue_document();

/// The same with every one of fields().
boost::json::value full_document();

/// The member of a document that a field is.
boost::json::value& place_of(boost::json::value& document, const Field& field);

/// As blue has them.
CloneWanted as_blue();

boost::json::value json_of(std::string_view text);

/// Puts `value` at a JSON pointer whose last step may be new; in a list it may be the one behind the last.
void set(boost::json::value& document, std::string_view pointer, const boost::json::value& value);

/// The body of a clone; throws when there is none.
boost::json::value body_of(const boost::json::value& document, const CloneWanted& wanted);

/// Why there is none: "code: message"; empty when there is one.
std::string refusal(const boost::json::value& document, const CloneWanted& wanted);

}  // namespace rm::docker::test
