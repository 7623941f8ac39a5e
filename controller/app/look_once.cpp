// SPDX-License-Identifier: Apache-2.0
#include "app/look_once.h"

#include "app/reconcile/reconciler.h"
#include "app/world.h"
#include "config/live_config.h"

namespace rm::app {

Result<std::shared_ptr<const decide::Check>> look_once(const config::Config& config,
                                                       const std::stop_token& stop) {
    SystemClock clock;
    const config::LiveConfig live({}, config, {});
    auto world = World::make(config, clock, 1);
    if (!world) return fail(world.error());
    auto store = store::Database::open(
        {.url = config->store.url.with_password(), .password = config->store.password.value}, clock);
    if (!store) return fail(store.error());
    Reconciler reconciler({.live = live,
                           .engine = (*world)->engine(),
                           .source = (*world)->source(),
                           .store = **store,
                           .clock = (*world)->clock()},
                          {}, {});
    auto check = reconciler.look(stop);
    if (!check->problem.empty()) return fail(ErrorCode::unavailable, "{}", check->problem);
    return check;
}

}  // namespace rm::app
