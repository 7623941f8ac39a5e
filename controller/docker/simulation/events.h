// SPDX-License-Identifier: Apache-2.0
// SimulatedEvents: the events that the simulated engine remembers: the last 256, like the real one. Each has
// a number, counted from the first, so that a reader knows where it was. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "docker/engine.h"

namespace rm::docker {

class SimulatedEvents {
public:
    static constexpr std::size_t most_kept = 256;

    /// In the order of their times.
    void add(std::vector<Event> events);

    /// The number that the next event gets.
    [[nodiscard]] std::uint64_t next() const { return next_; }

    /// Those kept from that number on that are wanted.
    [[nodiscard]] std::vector<Event> from(std::uint64_t number, const EventsWanted& wanted) const;

private:
    std::deque<Event> kept_;
    std::uint64_t next_ = 0;
};

}  // namespace rm::docker
