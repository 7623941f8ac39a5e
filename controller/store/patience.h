// SPDX-License-Identifier: Apache-2.0
// Patience: how long a call may wait for a database: until it is told to stop, or until a moment. Real time,
// because it bounds real I/O.
#pragma once

#include <chrono>
#include <stop_token>

namespace rm::store {

struct Patience {
    std::stop_token stop;
    std::chrono::steady_clock::time_point end = std::chrono::steady_clock::time_point::max();

    [[nodiscard]] bool over() const {
        return stop.stop_requested() || std::chrono::steady_clock::now() >= end;
    }
};

}  // namespace rm::store
