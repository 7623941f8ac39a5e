// SPDX-License-Identifier: Apache-2.0
// ServiceState: what a check of a service must remember until the next one, also over a restart. One JSON
// document per service; who writes it alone knows what it means. Written together with the decisions of the
// same check, hence in its transaction.
#pragma once

#include <string>
#include <vector>

#include "core/clock.h"
#include "core/names.h"
#include "core/result.h"
#include "store/database.h"

namespace rm::store {

struct ServiceState {
    ServiceName service;
    std::string state;
    WallTime updated_at;

    friend bool operator==(const ServiceState&, const ServiceState&) = default;
};

/// Of all services, by name.
Result<std::vector<ServiceState>> service_states(Database& database);

/// Takes the place of what was there of this service.
Status put(Session& session, const ServiceState& state);

/// Drops those of services that have not been checked since `time`.
Status forget_states_before(Session& session, WallTime time);

}  // namespace rm::store
