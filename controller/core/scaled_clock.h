// SPDX-License-Identifier: Apache-2.0
// ScaledClock: the computer's time, running faster: for simulations that people watch. An hour of its time
// passes in a minute at speed 60.
#pragma once

#include "core/clock.h"

namespace rm {

class ScaledClock final : public Clock {
public:
    /// Starts at the computer's present time. `speed` is above zero.
    explicit ScaledClock(double speed);

    [[nodiscard]] Instant now() const override;
    bool sleep_until(SteadyTime until, const std::stop_token& stop) override;

private:
    SystemClock real_;
    const double speed_;
    const Instant origin_;
};

}  // namespace rm
