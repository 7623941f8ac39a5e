// SPDX-License-Identifier: Apache-2.0
#include "serve/crowd.h"

#include <utility>

namespace rm::serve {

void Crowd::add(std::shared_ptr<Guest> guest) {
    const Guest* const key = guest.get();
    guests_.emplace(key, std::move(guest));
}

void Crowd::remove(const Guest& guest) {
    guests_.erase(&guest);
}

std::vector<std::shared_ptr<Guest>> Crowd::all() const {
    std::vector<std::shared_ptr<Guest>> guests;
    guests.reserve(guests_.size());
    for (const auto& [key, guest] : guests_) guests.push_back(guest);
    return guests;
}

bool Crowd::evict() {
    const auto victim = slowest(false);
    if (!victim) return false;
    victim->drop();
    return true;
}

int Crowd::relieve() {
    int evicted = 0;
    while (buffered() > most_buffered_) {
        const auto victim = slowest(true);
        if (!victim) break;
        victim->drop();
        ++evicted;
    }
    return evicted;
}

std::shared_ptr<Guest> Crowd::slowest(bool holding_memory) const {
    std::shared_ptr<Guest> found;
    SteadyTime longest = SteadyTime::max();
    for (const auto& [key, guest] : guests_) {
        const SteadyTime since = guest->waits_since().value_or(SteadyTime::max());
        if (since >= longest || (holding_memory && guest->buffered() == 0)) continue;
        longest = since;
        found = guest;
    }
    return found;
}

std::size_t Crowd::buffered() const {
    std::size_t total = 0;
    for (const auto& [key, guest] : guests_) total += guest->buffered();
    return total;
}

}  // namespace rm::serve
