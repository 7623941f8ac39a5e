// SPDX-License-Identifier: Apache-2.0
#include "decide/oom.h"

#include <algorithm>

#include "decide/calendar.h"

namespace rm::decide {
namespace {

constexpr std::size_t most_absent = 8;

/// A container that is not running now may be on its way back from the very kill. Containers that never come
/// back must not gather either.
void forget_the_gone(ServiceState& state, const ServiceView& service) {
    if (state.oom_kills.size() <= service.replicas.size() + most_absent) return;
    std::erase_if(state.oom_kills, [&](const auto& entry) {
        return std::ranges::none_of(service.replicas,
                                    [&](const Replica& replica) { return replica.id.full() == entry.first; });
    });
}

}  // namespace

bool notice_oom_kills(ServiceState& state, const ServiceView& service, WallTime now) {
    bool seen = false;
    for (const Replica& replica : service.replicas) {
        const auto& kills = replica.usage.oom_kills;
        if (!kills || *kills < 0) continue;
        const auto [entry, first] = state.oom_kills.try_emplace(replica.id.full(), *kills);
        seen = seen || (!first && *kills > entry->second);
        entry->second = *kills;
    }
    forget_the_gone(state, service);
    if (state.pending_oom && elapsed(state.pending_oom->since, now) >= oom_patience)
        state.pending_oom.reset();
    if (!seen) return false;
    const bool repeated = state.last_oom && elapsed(*state.last_oom, now) < oom_memory;
    state.pending_oom = PendingOom{.since = now, .repeated = repeated};
    state.last_oom = now;
    return true;
}

Amount after_oom(Amount limit, const Sight& memory, bool repeated) {
    // The kill itself shows that the limit was reached, whatever the samples saw.
    const Amount used = std::max(limit, memory.highest.value_or(0));
    return std::max(scaled(limit, repeated ? 2.0 : 1.4), sum(used, Bytes::mebi(100).count()));
}

}  // namespace rm::decide
