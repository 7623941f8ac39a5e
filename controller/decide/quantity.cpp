// SPDX-License-Identifier: Apache-2.0
#include "decide/quantity.h"

#include <cmath>
#include <limits>
#include <type_traits>

#include <fmt/format.h>

namespace rm::decide {
namespace {

constexpr Amount largest = std::numeric_limits<Amount>::max();

template <class T>
std::optional<Amount> count_of(const std::optional<T>& value) {
    if (!value) return std::nullopt;
    if constexpr (std::is_same_v<T, Cores>)
        return value->nanos();
    else
        return value->count();
}

}  // namespace

Sizing sizing_of(Resource resource, const config::ServicePolicy& policy) {
    const auto& thresholds = policy.thresholds;
    if (resource == Resource::memory) {
        return {.resource = resource,
                .high = thresholds.memory_high.value(),
                .low = thresholds.memory_low.value(),
                .throttled = {},
                .min = policy.bounds.memory.min.count(),
                .max = policy.bounds.memory.max.count(),
                .baseline = count_of(policy.baseline.memory),
                .initial = count_of(policy.initial.memory),
                .step = Bytes::mebi(1).count()};
    }
    const double throttled = thresholds.cpu_throttled.value();
    return {.resource = resource,
            .high = thresholds.cpu_high.value(),
            .low = thresholds.cpu_low.value(),
            .throttled = throttled < 1 ? std::optional(throttled) : std::nullopt,
            .min = policy.bounds.cpu.min.nanos(),
            .max = policy.bounds.cpu.max.nanos(),
            .baseline = count_of(policy.baseline.cpu),
            .initial = count_of(policy.initial.cpu),
            .step = 10'000'000};
}

std::optional<Amount> limit_of(Resource resource, const Limits& limits) {
    const auto limit = resource == Resource::cpu ? count_of(limits.cpu) : count_of(limits.memory);
    return limit && *limit > 0 ? limit : std::nullopt;
}

void set_limit(Resource resource, Limits& limits, Amount amount) {
    if (resource == Resource::cpu)
        limits.cpu = Cores::from_nanos(amount);
    else
        limits.memory = Bytes(amount);
}

Amount scaled(Amount amount, double factor) {
    const double product = static_cast<double>(amount) * factor;
    if (!(product > 0)) return 0;
    // A double that is not below 2^63 does not fit, and neither does the one that `largest` rounds to.
    if (product >= static_cast<double>(largest)) return largest;
    // Away from the last digits of binary fractions: 1.1 times 100 is 110, and not a hair more.
    const double nearest = std::round(product);
    return static_cast<Amount>(std::abs(product - nearest) < 1e-4 ? nearest : std::ceil(product));
}

Amount sum(Amount a, Amount b) {
    return a > 0 && b > largest - a ? largest : a + b;
}

Amount round_up(Amount amount, Amount step) {
    return round_down(sum(amount, step - 1), step);
}

Amount round_down(Amount amount, Amount step) {
    return amount <= 0 ? 0 : amount - amount % step;
}

std::string_view word_for(Resource resource) {
    return resource == Resource::cpu ? "CPU" : "memory";
}

std::string_view min_name(Resource resource) {
    return resource == Resource::cpu ? "bounds.cpu.min" : "bounds.memory.min";
}

std::string_view max_name(Resource resource) {
    return resource == Resource::cpu ? "bounds.cpu.max" : "bounds.memory.max";
}

std::string_view baseline_name(Resource resource) {
    return resource == Resource::cpu ? "baseline.cpu" : "baseline.memory";
}

std::string print_amount(Resource resource, Amount amount) {
    if (resource == Resource::cpu) {
        constexpr Amount milli = 1'000'000;
        return print(Cores::from_nanos(amount % milli == 0 ? amount : amount / milli * milli));
    }
    const Amount mebi = Bytes::mebi(1).count();
    if (amount < mebi) return fmt::format("{}B", amount);
    return print(Bytes(amount / mebi * mebi));
}

std::string percent(double share) {
    const double tenths = std::round(share * 1000);
    if (!(tenths < 1e15)) return fmt::format("{:.0f}%", tenths / 10);
    const auto whole = static_cast<std::int64_t>(tenths);
    std::string text = std::to_string(whole / 10);
    if (whole % 10 != 0) text += '.' + std::to_string(whole % 10);
    return text += '%';
}

}  // namespace rm::decide
