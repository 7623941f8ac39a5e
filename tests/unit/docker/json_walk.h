// SPDX-License-Identifier: Apache-2.0
// JSON values, place by place, for tests.
#pragma once

#include <string>
#include <vector>

#include <boost/json.hpp>

namespace rm::docker::test {

/// Where the two differ, as `/HostConfig/Mounts/0/Source`: the deepest places. Null is the same as absent.
std::vector<std::string> differing_places(const boost::json::value& a, const boost::json::value& b);

/// Changes, adds or removes one value, chosen by rapidcheck, and says which.
std::string change_somewhere(boost::json::value& value);

}  // namespace rm::docker::test
