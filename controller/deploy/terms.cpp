// SPDX-License-Identifier: Apache-2.0
#include "deploy/terms.h"

#include <algorithm>

namespace rm::deploy {

Duration drain_time(const DrainParts& parts, Duration least) {
    return std::max(least, parts.interval * parts.retries + parts.timeout + parts.router + parts.in_flight);
}

Terms terms_of(const config::ServicePolicy& policy, const docker::Container* blue) {
    const config::Deployment& wanted = policy.deployment;
    Terms terms{.health_timeout = wanted.health_timeout,
                .health_interval = wanted.health_interval,
                .drain_acts = !wanted.hooks.drain.empty(),
                .drain = wanted.drain,
                .observe = wanted.observe,
                .hooks = {.before = !wanted.hooks.before.empty(),
                          .after_healthy = !wanted.hooks.after_healthy.empty(),
                          .switch_over = !wanted.hooks.switch_over.empty(),
                          .after = !wanted.hooks.after.empty(),
                          .on_rollback = !wanted.hooks.on_rollback.empty()}};
    if (blue == nullptr) return terms;
    if (!blue->health_check) terms.health = HealthBy::running;
    return terms;
}

}  // namespace rm::deploy
