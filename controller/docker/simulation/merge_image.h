// SPDX-License-Identifier: Apache-2.0
// What the Config of an image adds to that of a container made from it. Pure.
#pragma once

#include <boost/json.hpp>

namespace rm::docker {

/// The container's own settings go before the image's; lists of ports, volumes, labels and variables are
/// joined.
void merge_image(boost::json::object& config, const boost::json::object& image);

}  // namespace rm::docker
