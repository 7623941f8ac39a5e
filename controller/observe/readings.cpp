// SPDX-License-Identifier: Apache-2.0
#include "observe/readings.h"

#include <algorithm>
#include <cmath>

namespace rm::observe {
namespace {

// Beyond 2^53 neither bytes nor counts are exact, and no machine has that much.
constexpr double largest_whole = 9007199254740992.0;
constexpr double most_cores = 1e6;

/// A sample's number where it is one.
Reading<double> checked(double value) {
    if (std::isnan(value)) return tl::unexpected(Gap::not_a_number);
    if (value < 0) return tl::unexpected(Gap::negative);
    if (std::isinf(value)) return tl::unexpected(Gap::infinite);
    return value;
}

std::size_t index_of(Signal signal) {
    return static_cast<std::size_t>(signal);
}

/// Why the samples of a target are not to be trusted, whatever they say.
std::optional<Gap> distrust(const SignalValues& times, std::size_t index, const Freshness& freshness) {
    const auto time = times.at(index);
    if (!time) return time.error() == Gap::absent ? Gap::stale : time.error();
    const double age = freshness.evaluated_at - *time;
    return age > std::chrono::duration<double>(freshness.limit).count() ? std::optional(Gap::stale)
                                                                        : std::nullopt;
}

}  // namespace

void SignalValues::add(std::size_t target, double value, bool by_id) {
    Kind& kind = kinds_.at(target);
    double& known = values_.at(target);
    switch (kind) {
        case Kind::none:
            kind = by_id ? Kind::by_id : Kind::by_name;
            known = value;
            return;
        case Kind::by_id:
            if (by_id && (!checked(known) || (checked(value) && value > known))) known = value;
            return;
        case Kind::by_name:
        case Kind::ambiguous:
            kind = by_id ? Kind::by_id : Kind::ambiguous;
            known = value;
            return;
    }
}

Reading<double> SignalValues::at(std::size_t target) const {
    if (fault_) return tl::unexpected(*fault_);
    switch (kinds_.at(target)) {
        case Kind::none:
            return tl::unexpected(Gap::absent);
        case Kind::ambiguous:
            return tl::unexpected(Gap::ambiguous);
        case Kind::by_id:
        case Kind::by_name:
            return checked(values_.at(target));
    }
    return tl::unexpected(Gap::absent);
}

bool SignalValues::any() const {
    for (std::size_t i = 0; i < values_.size(); ++i)
        if (at(i)) return true;
    return false;
}

Reading<Cores> cores_from(double value) {
    if (value > most_cores) return tl::unexpected(Gap::infinite);
    return Cores::from_nanos(std::llround(value * 1e9));
}

Reading<Bytes> bytes_from(double value) {
    if (value > largest_whole) return tl::unexpected(Gap::infinite);
    return Bytes(std::llround(value));
}

Reading<Ratio> share_from(double value) {
    return Ratio(std::min(value, 1.0));
}

Reading<std::int64_t> count_from(double value) {
    if (value > largest_whole) return tl::unexpected(Gap::infinite);
    return std::llround(value);
}

Usage usage_of(const AllValues& values, std::size_t index, const Target& target, const Windows& windows,
               const Freshness& freshness, WallTime now) {
    const auto distrusted = distrust(values.at(index_of(Signal::sample_time)), index, freshness);
    // `needed` is how long the container must have run for the signal to mean something.
    const auto read = [&](Signal signal, Duration needed) -> Reading<double> {
        const SignalValues& all = values.at(index_of(signal));
        if (all.fault()) return tl::unexpected(*all.fault());
        if (now - target.started_at < needed) return tl::unexpected(Gap::warming_up);
        const auto value = all.at(index);
        return value && distrusted ? tl::unexpected(*distrusted) : value;
    };
    const auto window = windows.window;
    Usage usage;
    usage.cpu = read(Signal::cpu_usage, window).and_then(cores_from);
    usage.memory = read(Signal::memory_usage, window).and_then(bytes_from);
    usage.throttled = target.cpu_limited ? read(Signal::throttled, window).and_then(share_from)
                                         : tl::unexpected(Gap::not_applicable);
    usage.oom_kills = read(Signal::oom_kills, Duration(0)).and_then(count_from);
    usage.cpu_trend = read(Signal::cpu_trend, windows.trend).and_then(cores_from);
    usage.memory_trend = read(Signal::memory_trend, windows.trend).and_then(bytes_from);
    return usage;
}

}  // namespace rm::observe
