// SPDX-License-Identifier: Apache-2.0
#include "observe/sampler.h"

namespace rm::observe {

Sampler::Sampler(Samples& samples, Clock& clock)
    : thread_([&samples, &clock](const std::stop_token& stop) { run(samples, clock, stop); }) {}

void Sampler::run(Samples& samples, Clock& clock, const std::stop_token& stop) {
    const Duration interval = samples.interval();
    SteadyTime due = clock.now().steady;
    do {
        samples.take(stop);
        const auto late = std::chrono::duration_cast<Duration>(clock.now().steady - due);
        due += (late / interval + 1) * interval;
    } while (clock.sleep_until(due, stop));
}

}  // namespace rm::observe
