// SPDX-License-Identifier: Apache-2.0
// Whether a container serves, by the terms of its service.
#pragma once

#include <optional>
#include <string>

#include "core/duration.h"
#include "deploy/terms.h"
#include "deploy/watch.h"
#include "docker/container.h"

namespace rm::deploy {

struct Fitness {
    enum class Kind {
        good,
        not_yet,  // it may become good
        bad       // it won't
    };
    Kind kind = Kind::not_yet;
    std::string reason{};  // for people, of what is not good
};

/// It is not there, or about to go for good.
bool is_gone(const std::optional<docker::Container>& container);

/// The same terms for a container that may have no health check: then it is enough that it runs.
Terms terms_for(Terms terms, const docker::Container& container);

/// `runs` is how long it was seen to run without a restart, `probed` what our own probe last found.
Fitness fitness_of(const docker::Container& container, const Terms& terms, std::optional<Duration> runs,
                   bool probed);

/// To the reason of what may still become good: what our own probe last said.
void add_why(Fitness& fitness, const Watch& watch, Act probe);

}  // namespace rm::deploy
