// SPDX-License-Identifier: Apache-2.0
#include "decide/sight.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace rm::decide {
namespace {

Reading<Amount> countable(const Reading<Cores>& reading) {
    if (!reading) return tl::unexpected(reading.error());
    if (reading->nanos() < 0) return tl::unexpected(Gap::negative);
    return reading->nanos();
}

Reading<Amount> countable(const Reading<Bytes>& reading) {
    if (!reading) return tl::unexpected(reading.error());
    if (reading->count() < 0) return tl::unexpected(Gap::negative);
    return reading->count();
}

Reading<double> throttled_of(const Replica& replica) {
    if (!replica.usage.throttled) return tl::unexpected(replica.usage.throttled.error());
    const double share = replica.usage.throttled->value();
    if (!std::isfinite(share) || share < 0) return tl::unexpected(Gap::not_a_number);
    return share;
}

/// A source that has no such signal says so; any other gap means that it should have been there, and may
/// hide that the low average is one of a service that is held back.
bool is_doubtful(const Reading<double>& throttled) {
    return !throttled && throttled.error() != Gap::absent && throttled.error() != Gap::not_applicable;
}

double share(Amount usage, Amount limit) {
    return static_cast<double>(usage) / static_cast<double>(limit);
}

enum class Stand { below, between, above, unknown };

struct Stood {
    Stand stand = Stand::unknown;
    bool throttled = false;
};

/// Where one replica stands, and its numbers into `sight`.
Stood stand_of(const Sizing& sizing, const Replica& replica, Sight& sight) {
    const auto usage = usage_of(sizing.resource, replica);
    const auto throttled = sizing.throttled ? throttled_of(replica) : Reading<double>(0.0);
    if (usage) {
        ++sight.known;
        sight.highest = std::max(sight.highest.value_or(*usage), *usage);
        sight.lowest = std::min(sight.lowest.value_or(*usage), *usage);
    } else if (sight.missing.empty()) {
        sight.missing = fmt::format("{}: {}", replica.name, describe(usage.error()));
    }
    if (sizing.throttled && throttled) sight.throttled = std::max(sight.throttled.value_or(0), *throttled);
    if (!sight.limit) return {};
    if (usage && share(*usage, *sight.limit) > sizing.high) return {.stand = Stand::above};
    if (sizing.throttled && throttled && *throttled > *sizing.throttled)
        return {.stand = Stand::above, .throttled = true};
    if (!usage) return {};
    if (share(*usage, *sight.limit) >= sizing.low) return {.stand = Stand::between};
    if (!is_doubtful(throttled)) return {.stand = Stand::below};
    if (sight.missing.empty())
        sight.missing = fmt::format("{}, throttling: {}", replica.name, describe(throttled.error()));
    return {};
}

/// The larger of two limits, of which none is the largest.
template <class T>
void widen(std::optional<T>& limit, const std::optional<T>& other) {
    limit = limit && other ? std::optional(std::max(*limit, *other)) : std::nullopt;
}

template <class T>
Signal signal(Resource resource, std::size_t index, const Replica& replica, const Reading<T>& reading,
              const Limits& in_force) {
    const auto limit = limit_of(resource, in_force);
    const auto usage = usage_of(resource, replica);
    Signal made{.resource = resource, .replica = index, .of_limit = {}, .gap = {}};
    if (!usage) made.gap = reading ? Gap::negative : reading.error();
    if (usage && limit) made.of_limit = Ratio(share(*usage, *limit));
    return made;
}

}  // namespace

Reading<Amount> usage_of(Resource resource, const Replica& replica) {
    return resource == Resource::cpu ? countable(replica.usage.cpu) : countable(replica.usage.memory);
}

Reading<Amount> trend_of(Resource resource, const Replica& replica) {
    return resource == Resource::cpu ? countable(replica.usage.cpu_trend)
                                     : countable(replica.usage.memory_trend);
}

Sight look(const Sizing& sizing, const ServiceView& service, const Limits& in_force) {
    Sight sight{.limit = limit_of(sizing.resource, in_force), .replicas = service.replicas.size()};
    bool any_above = false;
    bool above_by_usage = false;
    bool all_below = !service.replicas.empty();
    sight.complete = !service.replicas.empty();
    for (const Replica& replica : service.replicas) {
        const Stood stood = stand_of(sizing, replica, sight);
        any_above = any_above || stood.stand == Stand::above;
        above_by_usage = above_by_usage || (stood.stand == Stand::above && !stood.throttled);
        all_below = all_below && stood.stand == Stand::below;
    }
    sight.complete = sight.complete && sight.missing.empty();
    if (service.replicas.empty()) sight.missing = "no replica is running";
    sight.above_by_throttling = any_above && !above_by_usage;
    if (sight.limit && sight.highest) sight.ratio = share(*sight.highest, *sight.limit);
    if (any_above) sight.wish = Wish::raise;
    if (all_below) sight.wish = Wish::lower;
    return sight;
}

Limits real_limits(const ServiceView& service) {
    if (service.replicas.empty()) return {};
    Limits limits = service.replicas.front().limits;
    for (const Replica& replica : service.replicas) {
        widen(limits.cpu, replica.limits.cpu);
        widen(limits.memory, replica.limits.memory);
    }
    return limits;
}

std::vector<Signal> signals_of(const ServiceView& service, const Limits& in_force) {
    std::vector<Signal> signals;
    signals.reserve(2 * service.replicas.size());
    for (std::size_t i = 0; i < service.replicas.size(); ++i) {
        const Replica& replica = service.replicas[i];
        signals.push_back(signal(Resource::cpu, i, replica, replica.usage.cpu, in_force));
        signals.push_back(signal(Resource::memory, i, replica, replica.usage.memory, in_force));
    }
    return signals;
}

}  // namespace rm::decide
