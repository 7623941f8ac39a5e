// SPDX-License-Identifier: Apache-2.0
// What Engine 20.10 fills in where the body of a creation says nothing. Pure.
#pragma once

#include <boost/json.hpp>

namespace rm::docker {

const boost::json::object& default_config();
const boost::json::object& default_host_config();
/// Of one network in NetworkSettings.Networks.
const boost::json::object& default_endpoint();

/// `defaults` with what `given` has besides and instead; its nulls count for nothing.
boost::json::object overlaid(const boost::json::object& defaults, const boost::json::object& given);

}  // namespace rm::docker
