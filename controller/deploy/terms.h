// SPDX-License-Identifier: Apache-2.0
// Terms: how a deployment shall go about it, from the service's configuration and from what its container
// says of itself.
#pragma once

#include <cstdint>
#include <optional>

#include "config/settings.h"
#include "core/bytes.h"
#include "core/duration.h"
#include "docker/container.h"

namespace rm::deploy {

/// How it is known that a container serves.
enum class HealthBy {
    docker,   // its health check
    running,  // it runs and did not restart for a while
    probe     // we ask it ourselves, over the network or by a program in it
};

struct HookSet {
    bool before = false;
    bool after_healthy = false;
    bool switch_over = false;
    bool after = false;
    bool on_rollback = false;
};

struct Terms {
    HealthBy health = HealthBy::docker;
    Duration stable_for{10'000};  // of `running`
    Duration health_timeout{120'000};
    Duration health_interval{5'000};
    bool verify = false;       // green is tried from outside
    bool drain_acts = false;   // something must be done so that blue gets no more requests
    bool drain_shows = false;  // by which its health check must fail, or it was in vain
    Duration drain{30'000};    // how long blue then goes on serving; see drain_time()
    Duration observe{30'000};
    HookSet hooks{};
    std::optional<Bytes> host_memory{};  // no limit above it has an effect; nothing: not known
};

/// How long requests may still reach a container after it was taken out of the traffic: where routers learn
/// that from its health check, that must fail `retries` times; the router must notice, and what is under way
/// must end. At least `least`.
struct DrainParts {
    Duration interval{};
    Duration timeout{};
    std::int64_t retries = 0;
    Duration router{};
    Duration in_flight{};
};

Duration drain_time(const DrainParts& parts, Duration least);

/// How `policy` wants it done with a container like `blue`; null when that is gone.
Terms terms_of(const config::ServicePolicy& policy, const docker::Container* blue);

}  // namespace rm::deploy
