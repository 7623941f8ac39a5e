// SPDX-License-Identifier: Apache-2.0
// Preflight: which strategies a service allows, why not the others, and which one it gets. It looks at
// everything before anything is changed: what cannot run twice, and who else uses the containers. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "core/clock.h"
#include "core/limits.h"
#include "core/names.h"
#include "docker/container.h"
#include "docker/engine.h"
#include "docker/permissions.h"
#include "docker/wiring.h"

namespace rm::deploy {

struct Candidate {
    docker::Container container;
    std::string document;  // GET /containers/{id}/json
};

struct Subject {
    ServiceName service;
    config::ServicePolicy policy;
    std::vector<Candidate> replicas;
    std::vector<docker::Wiring> others;  // every other container of the host, stopped ones too
    std::vector<std::string> unseen;     // those of them that could not be looked at
    docker::EngineInfo engine;
    std::optional<Bytes> memory_used = {};           // of the host, when it is known
    std::optional<Limits> wanted = {};               // all of them; nothing: as they are
    std::optional<config::Strategy> asked_for = {};  // in the place of the configured strategy
    docker::Permissions permissions = {};            // as far as they are known
    WallTime now;
};

struct Option {
    config::Strategy strategy;
    std::vector<std::string> against;  // sentences; none: it is possible

    [[nodiscard]] bool is_possible() const { return against.empty(); }
};

struct Preflight {
    std::vector<Option> options;               // blue_green, in_place, recreate, script
    std::optional<config::Strategy> strategy;  // what the service gets; nothing: no deployment
    std::string why;                           // that one, or none

    [[nodiscard]] const Option& option(config::Strategy wanted) const;
};

/// A configured strategy that is not possible is refused, never replaced by another one; `auto` takes the
/// first that is possible, and stops a service only in its maintenance window.
Preflight preflight(const Subject& subject);

}  // namespace rm::deploy
