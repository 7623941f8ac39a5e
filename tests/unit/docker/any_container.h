// SPDX-License-Identifier: Apache-2.0
// Random containers for rapidcheck: any of the members that users can set, some that nobody knows yet,
// volumes and networks of all kinds, and something to change about them.
#pragma once

#include <boost/json.hpp>

#include "docker/clone.h"

namespace rm::docker::test {

struct AnyContainer {
    boost::json::value document;
    CloneWanted wanted;
    bool has_networks = true;  // of its own
};

/// To be called in a property.
AnyContainer any_container();

}  // namespace rm::docker::test
