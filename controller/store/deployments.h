// SPDX-License-Identifier: Apache-2.0
// Deployment: the journal of one change of a service's limits, and the history that people look at. Written
// before every step, so that whoever comes after a crash knows what was under way. What `progress` holds is
// known only to the one who writes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/limits.h"
#include "core/names.h"
#include "core/result.h"
#include "store/database.h"

namespace rm::store {

/// Who asks for deployments that only put right what another one left behind; they are no adjustments.
inline constexpr std::string_view requested_by_sweep = "sweep";

struct Deployment {
    std::int64_t id = 0;  // given by the store
    std::string token;    // what its containers are labelled with
    std::string engine;   // the engine's own id
    ServiceName service;
    std::string strategy;
    std::string requested_by;
    std::string reason;
    Limits from;  // what is absent was unlimited
    Limits to;
    std::string status;
    std::string phase;
    WallTime created_at;
    WallTime phase_since;
    std::optional<WallTime> finished_at = {};  // nothing: it is under way
    std::string failure = {};                  // why it did not succeed
    std::string progress;

    friend bool operator==(const Deployment&, const Deployment&) = default;
};

/// One line of a deployment's log. One without a message says only that a phase began.
struct DeploymentStep {
    std::int64_t deployment = 0;
    WallTime at;
    std::string phase;
    std::string message;

    friend bool operator==(const DeploymentStep&, const DeploymentStep&) = default;
};

struct DeploymentQuery {
    std::optional<ServiceName> service;  // none: of all services
    std::optional<std::int64_t> before;  // only those with a smaller id: the last one of the page before
    std::int64_t limit = 100;            // at least 1
};

/// The id of the new one. `conflict` when another one of this service is under way.
Result<std::int64_t> begin(Session& session, const Deployment& deployment);

/// Takes the place of the row of the same id.
Status put(Session& session, const Deployment& deployment);

Status add(Session& session, const DeploymentStep& step);

/// Those under way on an engine, the oldest first.
Result<std::vector<Deployment>> unfinished(Database& database, std::string_view engine);

/// Those under way on any other engine.
Result<std::vector<Deployment>> unfinished_elsewhere(Database& database, std::string_view engine);

/// A service whose last deployments on an engine all came to nothing.
struct Setbacks {
    ServiceName service;
    std::int64_t count = 0;  // since the last one that succeeded
    WallTime last;           // when the last one ended
};

/// What `not_counted` asked for is passed over.
Result<std::vector<Setbacks>> setbacks(Session& session, std::string_view engine,
                                       std::string_view not_counted);
Result<std::vector<Setbacks>> setbacks(Database& database, std::string_view engine,
                                       std::string_view not_counted);

/// The newest first.
Result<std::vector<Deployment>> deployments(Database& database, const DeploymentQuery& query);

/// The last one of a service that succeeded; nothing if none did. What `not_counted` asked for is passed
/// over.
Result<std::optional<Deployment>> last_success(Database& database, const ServiceName& service,
                                               std::string_view not_counted);

/// Of each service of an engine the one that set the limits that hold since, by name. None of a service whose
/// last one failed, after which nobody knows. What `not_counted` asked for is passed over.
Result<std::vector<Deployment>> in_force(Database& database, std::string_view engine,
                                         std::string_view not_counted);

/// Every service that has ever been deployed, by name; some may be gone.
Result<std::vector<ServiceName>> deployed_services(Database& database);

Result<std::optional<Deployment>> deployment(Database& database, std::int64_t id);

/// In the order in which they were taken.
Result<std::vector<DeploymentStep>> steps_of(Database& database, std::int64_t deployment);

/// Only finished ones are forgotten.
Status forget_deployments_before(Session& session, WallTime time);

}  // namespace rm::store
