// SPDX-License-Identifier: Apache-2.0
#include "deploy/terms.h"

#include <algorithm>

#include "deploy/fitness.h"

namespace rm::deploy {
namespace {

/// A health check that takes longer than this to turn unhealthy is of no use to a drain.
constexpr Duration longest_check = std::chrono::hours(24);

HealthBy health_by(const config::HealthSource& source) {
    switch (source.by) {
        case config::HealthBy::docker:
            break;
        case config::HealthBy::running:
            return HealthBy::running;
        case config::HealthBy::command:
        case config::HealthBy::probe:
            return HealthBy::probe;
    }
    return HealthBy::docker;
}

bool wants_verifying(const config::Deployment& wanted) {
    const bool by_traefik = !wanted.traefik.url.empty() && !wanted.traefik.service.empty();
    return wanted.verify || by_traefik || wanted.drain_by == config::DrainBy::haproxy;
}

/// Whether routers learn from blue's health check that it is to get no more requests.
bool turns_unhealthy(const config::Deployment& wanted) {
    return wanted.drain_by == config::DrainBy::file || wanted.drain_by == config::DrainBy::command ||
           !wanted.hooks.drain.empty();
}

Duration drain_of(const config::Deployment& wanted, const docker::Container* blue) {
    DrainParts parts{.router = wanted.router_delay, .in_flight = wanted.longest_request};
    if (blue != nullptr && blue->health_check && turns_unhealthy(wanted)) {
        parts.interval = blue->health_check->interval;
        parts.timeout = blue->health_check->timeout;
        parts.retries = blue->health_check->retries;
    }
    return drain_time(parts, wanted.drain);
}

}  // namespace

Duration drain_time(const DrainParts& parts, Duration least) {
    const bool endless = parts.retries > 0 && parts.interval > longest_check / parts.retries;
    const Duration failing = endless ? longest_check : parts.interval * parts.retries;
    return std::max(least, failing + std::min(parts.timeout, longest_check) + parts.router + parts.in_flight);
}

Terms terms_of(const config::ServicePolicy& policy, const docker::Container* blue) {
    const config::Deployment& wanted = policy.deployment;
    const Terms terms{
        .health = health_by(wanted.health),
        .stable_for = wanted.stable_for,
        .health_timeout = wanted.health_timeout,
        .health_interval = wanted.health_interval,
        .verify = wants_verifying(wanted),
        .drain_acts = wanted.drain_by != config::DrainBy::wait || !wanted.hooks.drain.empty(),
        .drain_shows = wanted.drain_by == config::DrainBy::file && blue != nullptr && blue->health_check,
        .drain = drain_of(wanted, blue),
        .observe = wanted.observe,
        .hooks = {.before = !wanted.hooks.before.empty(),
                  .after_healthy = !wanted.hooks.after_healthy.empty(),
                  .switch_over = !wanted.hooks.switch_over.empty(),
                  .after = !wanted.hooks.after.empty(),
                  .on_rollback = !wanted.hooks.on_rollback.empty()}};
    return blue == nullptr ? terms : terms_for(terms, *blue);
}

}  // namespace rm::deploy
