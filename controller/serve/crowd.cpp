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
    const auto victim = slowest(nullptr, false);
    if (!victim) return false;
    victim->drop();
    return true;
}

Crowd::Relief Crowd::relieve(const Guest& active) {
    Relief relief;
    while (buffered() > most_buffered_) {
        const auto victim = slowest(&active, true);
        if (!victim) {
            relief.enough = false;
            break;
        }
        victim->drop();
        ++relief.evicted;
    }
    return relief;
}

std::shared_ptr<Guest> Crowd::slowest(const Guest* active, bool holding_memory) const {
    std::shared_ptr<Guest> found;
    SteadyTime longest = SteadyTime::max();
    for (const auto& [key, guest] : guests_) {
        const SteadyTime since = guest->waits_since().value_or(SteadyTime::max());
        if (key == active || since >= longest || (holding_memory && guest->buffered() == 0)) continue;
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
