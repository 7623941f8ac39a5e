// SPDX-License-Identifier: Apache-2.0
#include "observe/history.h"

#include <algorithm>
#include <cmath>

namespace rm::observe {
namespace {

// So many points cover a window, and the samples in between are put together.
constexpr int points_of_reach = 16;

/// What a counter grew by; from zero where it fell.
template <class Number>
Number growth(Number before, Number after) {
    return after >= before ? after - before : after;
}

}  // namespace

void History::add(const docker::Stats& stats, SteadyTime now, const Reach& reach,
                  config::MemoryMetric metric) {
    if (last_ && (stats.read_at == last_->read_at || now <= last_at_)) return;
    if (last_) {
        counters_.cpu += growth(last_->cpu_total, stats.cpu_total);
        counters_.periods += growth(last_->cpu_periods, stats.cpu_periods);
        counters_.throttled += growth(last_->cpu_throttled_periods, stats.cpu_throttled_periods);
    }
    last_ = stats;
    last_at_ = now;
    const auto memory =
        metric == config::MemoryMetric::working_set ? stats.memory_working_set : stats.memory_usage;
    put(fine_, now, memory, reach.window);
    put(coarse_, now, memory, reach.trend);
}

void History::put(Points& points, SteadyTime now, std::optional<Bytes> memory, Duration reach) const {
    const Duration spacing = reach / points_of_reach;
    points.reserve(points_of_reach + 3);  // one before the reach, one begun, one about to go
    if (points.empty() || now - points.back().from >= spacing)
        points.push_back({.from = now, .to = now, .counters = counters_});
    Point& point = points.back();
    point.to = now;
    if (memory) {
        point.memory_peak = std::max(point.memory_peak, memory->count());
        point.memory_sum += static_cast<double>(memory->count());
        ++point.memory_samples;
    }
    // The first of those that are too old is the one to measure from.
    const auto too_old = [&](const Point& old) { return now - old.from > reach; };
    const auto first = std::ranges::find_if_not(points, too_old);
    if (first - points.begin() > 1) points.erase(points.begin(), first - 1);
}

/// The point closest to the time `reach` before the last sample. Samples never come to the millisecond: nine
/// tenths of the time is all of it. Where they are few, one that is somewhat too old is better than none.
Reading<const History::Point*> History::base(const Points& points, Duration reach) const {
    if (points.empty()) return tl::unexpected(Gap::absent);
    const SteadyTime wanted = last_at_ - reach;
    auto closest = std::ranges::min_element(points, {}, [&](const Point& point) {
        return point.from > wanted ? point.from - wanted : wanted - point.from;
    });
    if (closest->from > wanted + reach / 10) {
        if (closest == points.begin()) return tl::unexpected(Gap::warming_up);
        --closest;
    }
    if (closest->from < wanted - reach / 2) return tl::unexpected(Gap::warming_up);
    return &*closest;
}

Reading<Cores> History::rate(const Points& points, Duration reach) const {
    const auto from = base(points, reach);
    if (!from) return tl::unexpected(from.error());
    const std::chrono::duration<double> took = last_at_ - (*from)->from;
    if (took.count() <= 0) return tl::unexpected(Gap::warming_up);
    const std::chrono::duration<double> used = counters_.cpu - (*from)->counters.cpu;
    return Cores::from_nanos(std::llround(used.count() / took.count() * 1e9));
}

Reading<Cores> History::cpu(Duration window) const {
    return rate(fine_, window);
}

Reading<Cores> History::cpu_trend(Duration trend) const {
    return rate(coarse_, trend);
}

Reading<Bytes> History::memory_peak(Duration window) const {
    if (const auto from = base(fine_, window); !from) return tl::unexpected(from.error());
    std::int64_t peak = 0;
    bool known = false;
    for (const Point& point : fine_) {
        if (point.to < last_at_ - window || point.memory_samples == 0) continue;
        peak = std::max(peak, point.memory_peak);
        known = true;
    }
    return known ? Reading<Bytes>(Bytes(peak)) : tl::unexpected(Gap::absent);
}

Reading<Bytes> History::memory_trend(Duration trend) const {
    if (const auto from = base(coarse_, trend); !from) return tl::unexpected(from.error());
    double sum = 0;
    double samples = 0;
    for (const Point& point : coarse_) {
        if (point.to < last_at_ - trend) continue;
        sum += point.memory_sum;
        samples += point.memory_samples;
    }
    return samples > 0 ? Reading<Bytes>(Bytes(std::llround(sum / samples))) : tl::unexpected(Gap::absent);
}

Reading<Ratio> History::throttled(Duration window) const {
    const auto from = base(fine_, window);
    if (!from) return tl::unexpected(from.error());
    const auto periods = counters_.periods - (*from)->counters.periods;
    const auto throttled = counters_.throttled - (*from)->counters.throttled;
    if (periods <= 0) return Ratio(0);
    return Ratio(std::min(1.0, static_cast<double>(throttled) / static_cast<double>(periods)));
}

}  // namespace rm::observe
