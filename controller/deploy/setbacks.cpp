// SPDX-License-Identifier: Apache-2.0
#include "deploy/setbacks.h"

#include <algorithm>

#include <fmt/format.h>

#include "store/deployments.h"
#include "store/pauses.h"

namespace rm::deploy {

Duration backoff_after(std::int64_t setbacks, Duration first) {
    if (setbacks < 1) return {};
    const Duration longest = std::max<Duration>(first, std::chrono::hours(24));
    Duration wait = first;
    for (std::int64_t i = 1; i < setbacks && wait > Duration(0) && wait < longest; ++i) wait *= 2;
    return std::min(wait, longest);
}

Result<std::string> pause_if_hopeless(store::Session& session, const Deployment& ended) {
    if (ended.outcome == Outcome::succeeded || ended.requested_by == store::requested_by_sweep)
        return std::string();
    const auto all = store::setbacks(session, ended.engine, store::requested_by_sweep);
    if (!all) return fail(all.error());
    const auto found = std::ranges::find(*all, ended.service, &store::Setbacks::service);
    if (found == all->end() || found->count < setbacks_until_pause) return std::string();
    const std::string reason =
        fmt::format("{} deployments in a row came to nothing, the last one: {}", found->count, ended.failure);
    if (auto paused = store::set_pause(session, {.service = ended.service,
                                                 .until = {},
                                                 .reason = reason,
                                                 .since = ended.finished_at.value_or(ended.phase_since)});
        !paused)
        return fail(std::move(paused).error());
    return fmt::format("{} is paused until it is resumed: {} deployments in a row came to nothing",
                       print(ended.service), found->count);
}

}  // namespace rm::deploy
