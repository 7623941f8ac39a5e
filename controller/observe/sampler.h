// SPDX-License-Identifier: Apache-2.0
// Sampler: the thread that takes a round of samples at every interval. A round that takes longer is never
// overtaken: the rounds that it covered are left out. The destructor cancels what is under way and joins.
#pragma once

#include <stop_token>
#include <thread>

#include "core/clock.h"
#include "observe/samples.h"

namespace rm::observe {

class Sampler {
public:
    /// Starts at once; both must outlive it.
    Sampler(Samples& samples, Clock& clock);

private:
    static void run(Samples& samples, Clock& clock, const std::stop_token& stop);

    std::jthread thread_;
};

}  // namespace rm::observe
