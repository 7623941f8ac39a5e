// SPDX-License-Identifier: Apache-2.0
// Backoff: when to try again after failures. The pause doubles with each failure up to a cap; no jitter,
// because one daemon alone is no herd, and a predictable moment can be shown.
#pragma once

#include <algorithm>

#include "core/clock.h"

namespace rm::store {

class Backoff {
public:
    Backoff(Duration first, Duration longest) : first_(first), longest_(longest), next_(first) {}

    void failed(SteadyTime now) {
        due_ = now + next_;
        next_ = std::min(next_ * 2, longest_);
    }

    void succeeded() {
        due_ = SteadyTime::min();
        next_ = first_;
    }

    /// How long until the next attempt may be made; zero when it may be made now.
    [[nodiscard]] Duration remaining(SteadyTime now) const {
        if (due_ <= now) return Duration::zero();
        return std::chrono::ceil<Duration>(due_ - now);
    }

private:
    Duration first_;
    Duration longest_;
    Duration next_;
    SteadyTime due_ = SteadyTime::min();
};

}  // namespace rm::store
