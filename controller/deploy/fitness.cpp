// SPDX-License-Identifier: Apache-2.0
#include "deploy/fitness.h"

#include <fmt/format.h>

#include "core/duration.h"

namespace rm::deploy {
namespace {

using docker::Container;
using docker::ContainerState;
using docker::HealthState;
using enum Fitness::Kind;

Fitness ended(const Container& container) {
    if (container.oom_killed)
        return {.kind = bad,
                .reason = fmt::format("{} was killed because it ran out of memory", container.name)};
    return {.kind = bad,
            .reason = fmt::format("{} ended with exit code {}", container.name, container.exit_code)};
}

Fitness by_docker(const Container& container) {
    switch (container.health) {
        case HealthState::healthy:
            return {.kind = good};
        case HealthState::unhealthy:
            return {.kind = bad, .reason = container.name + " is unhealthy"};
        case HealthState::none:
            return {.kind = bad, .reason = container.name + " has no health check"};
        case HealthState::starting:
            break;
    }
    return {.kind = not_yet, .reason = container.name + " is still starting"};
}

Fitness by_running(const Container& container, const Terms& terms, std::optional<Duration> runs) {
    if (runs && *runs >= terms.stable_for) return {.kind = good};
    return {.kind = not_yet,
            .reason = fmt::format("{} has not run for {} without a restart yet", container.name,
                                  print(terms.stable_for))};
}

}  // namespace

bool is_gone(const std::optional<Container>& container) {
    return !container || container->state == ContainerState::dead ||
           container->state == ContainerState::removing;
}

Terms terms_for(Terms terms, const Container& container) {
    if (terms.health == HealthBy::docker && !container.health_check) terms.health = HealthBy::running;
    return terms;
}

Fitness fitness_of(const Container& container, const Terms& terms, std::optional<Duration> runs,
                   bool probed) {
    switch (container.state) {
        case ContainerState::exited:
        case ContainerState::dead:
        case ContainerState::removing:
            return ended(container);
        case ContainerState::created:
            return {.kind = not_yet, .reason = container.name + " was not started yet"};
        case ContainerState::restarting:
            return {.kind = not_yet, .reason = container.name + " ended and is about to be restarted"};
        case ContainerState::paused:
            return {.kind = not_yet, .reason = container.name + " is paused"};
        case ContainerState::running:
            break;
    }
    switch (terms.health) {
        case HealthBy::docker:
            return by_docker(container);
        case HealthBy::running:
            return by_running(container, terms, runs);
        case HealthBy::probe:
            break;
    }
    if (probed) return {.kind = good};
    return {.kind = not_yet, .reason = container.name + " does not answer our probe yet"};
}

void add_why(Fitness& fitness, const Watch& watch, Act probe) {
    const auto tried = watch.attempts.find(probe);
    if (fitness.kind == not_yet && tried != watch.attempts.end() && tried->second.error)
        fitness.reason += ": " + tried->second.error->message;
}

}  // namespace rm::deploy
