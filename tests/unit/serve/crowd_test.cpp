// SPDX-License-Identifier: Apache-2.0
#include "serve/crowd.h"

#include <chrono>

#include <gtest/gtest.h>

namespace rm::serve {
namespace {

struct FakeGuest : Guest {
    FakeGuest(Crowd& its_crowd, std::optional<int> waits, std::size_t holds)
        : crowd(its_crowd), waits_since_second(waits), bytes(holds) {}

    [[nodiscard]] std::optional<SteadyTime> waits_since() const override {
        if (!waits_since_second) return std::nullopt;
        return SteadyTime(std::chrono::seconds(*waits_since_second));
    }
    [[nodiscard]] std::size_t buffered() const override { return bytes; }
    void drop() override {
        dropped = true;
        crowd.remove(*this);
    }
    void finish() override {}

    Crowd& crowd;
    std::optional<int> waits_since_second;
    std::size_t bytes;
    bool dropped = false;
};

std::shared_ptr<FakeGuest> join(Crowd& crowd, std::optional<int> waits_since_second, std::size_t bytes = 0) {
    auto guest = std::make_shared<FakeGuest>(crowd, waits_since_second, bytes);
    crowd.add(guest);
    return guest;
}

TEST(Crowd, whoever_kept_us_waiting_longest_has_to_go) {
    Crowd crowd(3, 1000);
    const auto second = join(crowd, 20);
    const auto first = join(crowd, 10);
    const auto working = join(crowd, std::nullopt);
    EXPECT_TRUE(crowd.full());
    EXPECT_TRUE(crowd.evict());
    EXPECT_TRUE(first->dropped);
    EXPECT_FALSE(crowd.full());
    EXPECT_TRUE(crowd.evict());
    EXPECT_TRUE(second->dropped);
}

TEST(Crowd, nobody_we_work_for_is_sent_away) {
    Crowd crowd(1, 10);
    const auto working = join(crowd, std::nullopt, 500);
    EXPECT_FALSE(crowd.evict());
    const auto active = join(crowd, 5, 1);
    const auto [evicted, enough] = crowd.relieve(*active);
    EXPECT_EQ(evicted, 0);
    EXPECT_FALSE(enough);
    EXPECT_FALSE(working->dropped);
    EXPECT_FALSE(active->dropped);
    EXPECT_TRUE(crowd.full());
}

TEST(Crowd, memory_over_the_budget_is_taken_back_from_the_slowest_who_hold_some) {
    Crowd crowd(10, 100);
    const auto idle = join(crowd, 1, 0);
    const auto slow = join(crowd, 2, 60);
    const auto quick = join(crowd, 3, 60);
    EXPECT_EQ(crowd.relieve(*quick).evicted, 1);
    EXPECT_FALSE(idle->dropped);
    EXPECT_TRUE(slow->dropped);
    EXPECT_FALSE(quick->dropped);
    EXPECT_EQ(crowd.relieve(*quick).evicted, 0);
}

TEST(Crowd, whoever_has_just_made_progress_stays_although_its_wait_began_first) {
    Crowd crowd(10, 100);
    const auto active = join(crowd, 1, 90);
    const auto other = join(crowd, 2, 60);
    const auto [evicted, enough] = crowd.relieve(*active);
    EXPECT_EQ(evicted, 1);
    EXPECT_TRUE(enough);
    EXPECT_FALSE(active->dropped);
    EXPECT_TRUE(other->dropped);
}

}  // namespace
}  // namespace rm::serve
