// SPDX-License-Identifier: Apache-2.0
// The parts of a verdict in JSON: what was seen, every gate, what is proposed. Internal to serve/.
#pragma once

#include <optional>
#include <string>

#include <boost/json.hpp>

#include "decide/check.h"

namespace rm::serve {

boost::json::array signals(const decide::Assessment& service);
boost::json::array gates(const decide::Assessment& service);  // every gate, in words

/// null if nothing is proposed.
boost::json::value proposal(const decide::Verdict& verdict);

/// One resource of a service: the replica that uses most of its limit, the thresholds and the streak.
boost::json::object resource(const decide::Assessment& service, decide::Resource resource);

/// `proposed`, `held` or `within`: what a verdict came to.
std::string_view outcome(const decide::Verdict& verdict);

}  // namespace rm::serve
