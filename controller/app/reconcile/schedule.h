// SPDX-License-Identifier: Apache-2.0
// When the checks are due: on a grid of steady time. A check that takes longer than the interval uses up the
// grid points that pass meanwhile; they are counted and never made up for.
#pragma once

#include <cstdint>

#include "core/clock.h"

namespace rm::app {

class Schedule {
public:
    explicit Schedule(SteadyTime first) : due_(first) {}

    [[nodiscard]] SteadyTime due() const { return due_; }

    /// To be called when the check that was due has ended: the next one is due at the first grid point after
    /// `now`. How many were missed.
    std::int64_t next(Duration interval, SteadyTime now);

private:
    SteadyTime due_;
};

/// How long to wait before a source is asked again that failed `failures` times in a row: at first not at
/// all, then from a second up to a minute.
Duration pause_after(std::int64_t failures);

}  // namespace rm::app
