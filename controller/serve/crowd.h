// SPDX-License-Identifier: Apache-2.0
// Crowd: the connections that are open, and who has to go when there are too many or they hold too much
// memory: whoever has kept us waiting longest. Somebody we are working for is never sent away. Used on one
// thread.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/clock.h"

namespace rm::serve {

class Guest {
public:
    Guest() = default;
    Guest(const Guest&) = delete;
    Guest& operator=(const Guest&) = delete;
    Guest(Guest&&) = delete;
    Guest& operator=(Guest&&) = delete;
    virtual ~Guest() = default;

    /// Since when the peer has had to do something; nothing while it is us.
    [[nodiscard]] virtual std::optional<SteadyTime> waits_since() const = 0;
    [[nodiscard]] virtual std::size_t buffered() const = 0;
    /// Goes at once, and leaves the crowd.
    virtual void drop() = 0;
    /// Goes as soon as what is being done for it is done.
    virtual void finish() = 0;
};

class Crowd {
public:
    Crowd(std::size_t most, std::size_t most_buffered) : most_(most), most_buffered_(most_buffered) {}

    void add(std::shared_ptr<Guest> guest);
    void remove(const Guest& guest);

    [[nodiscard]] bool full() const { return guests_.size() >= most_; }
    [[nodiscard]] bool empty() const { return guests_.empty(); }
    [[nodiscard]] std::vector<std::shared_ptr<Guest>> all() const;

    /// Sends the one away who has kept us waiting longest; false if nobody does.
    bool evict();

    struct Relief {
        int evicted = 0;
        bool enough = true;  // whether the rest holds no more than allowed
    };
    /// Sends those away who hold memory and keep us waiting until the rest holds no more than allowed. Never
    /// `active`, who has just made progress.
    Relief relieve(const Guest& active);

private:
    [[nodiscard]] std::shared_ptr<Guest> slowest(const Guest* active, bool holding_memory) const;
    [[nodiscard]] std::size_t buffered() const;

    std::size_t most_;
    std::size_t most_buffered_;
    std::map<const Guest*, std::shared_ptr<Guest>> guests_;
};

}  // namespace rm::serve
