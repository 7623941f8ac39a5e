// SPDX-License-Identifier: Apache-2.0
// History: what was sampled of one container, kept for as long as the windows look back and in a bounded
// number of points, whatever the windows and the pace. Counters that fell back to zero, as at a restart, are
// taken to have gone on. A plain value; times are of our own steady clock.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "config/settings.h"
#include "core/clock.h"
#include "core/usage.h"
#include "docker/stats.h"

namespace rm::observe {

/// How far back answers must reach.
struct Reach {
    Duration window{};
    Duration trend{};

    friend bool operator==(const Reach&, const Reach&) = default;
};

class History {
public:
    /// A sample that the engine took at the same moment as the last one tells nothing new.
    void add(const docker::Stats& stats, SteadyTime now, const Reach& reach, config::MemoryMetric metric);

    [[nodiscard]] const std::optional<docker::Stats>& last() const { return last_; }
    [[nodiscard]] SteadyTime last_at() const { return last_at_; }  // of a history that has a sample

    // Over the time before the last sample. Gaps: absent, and warming_up where the past is not known so far.
    [[nodiscard]] Reading<Cores> cpu(Duration window) const;
    [[nodiscard]] Reading<Bytes> memory_peak(Duration window) const;
    /// Of the periods of its CPU quota; none at all is 0.
    [[nodiscard]] Reading<Ratio> throttled(Duration window) const;
    [[nodiscard]] Reading<Cores> cpu_trend(Duration trend) const;
    [[nodiscard]] Reading<Bytes> memory_trend(Duration trend) const;

    /// Points in memory, for the bounds.
    [[nodiscard]] std::size_t size() const { return fine_.size() + coarse_.size(); }

private:
    /// Counters since our first sample, never falling.
    struct Counters {
        std::chrono::nanoseconds cpu{0};
        std::int64_t periods = 0;
        std::int64_t throttled = 0;
    };
    /// All samples from `from` to `to`.
    struct Point {
        SteadyTime from;
        SteadyTime to;
        Counters counters;  // at `from`
        std::int64_t memory_peak = 0;
        double memory_sum = 0;
        std::int32_t memory_samples = 0;  // 0: the memory is not known
    };
    using Points = std::vector<Point>;

    void put(Points& points, SteadyTime now, std::optional<Bytes> memory, Duration reach) const;
    [[nodiscard]] Reading<const Point*> base(const Points& points, Duration reach) const;
    [[nodiscard]] Reading<Cores> rate(const Points& points, Duration reach) const;

    Points fine_;
    Points coarse_;
    Counters counters_;
    std::optional<docker::Stats> last_;
    SteadyTime last_at_;
};

}  // namespace rm::observe
