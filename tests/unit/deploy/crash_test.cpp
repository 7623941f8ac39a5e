// SPDX-License-Identifier: Apache-2.0
// A controller that is killed before and after every call that changes something, at every point of a
// deployment that succeeds and of those that fail. The journal is written right before each of these calls,
// so that these are also the points before and after every write of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/deploy/theatre.h"

namespace rm::deploy::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

struct Named {
    std::string name;
    Scene scene;
    Limits in_the_end;
};

void PrintTo(const Named& named, std::ostream* out) {
    *out << named.name;
}

class Crash : public testing::TestWithParam<Named> {};

TEST_P(Crash, nothing_is_lost_wherever_the_controller_is_killed) {
    const Scene scene = GetParam().scene;
    Theatre undisturbed(scene);
    ASSERT_TRUE(undisturbed.play());
    EXPECT_THAT(undisturbed.complaints(), IsEmpty());
    EXPECT_THAT(undisturbed.leftovers(), IsEmpty()) << testing::PrintToString(undisturbed.steps());
    EXPECT_EQ(undisturbed.containers().front().limits, GetParam().in_the_end);
    const int calls = undisturbed.writing_calls();
    EXPECT_GE(calls, 3);
    int cases = 0;
    for (int call = 1; call <= calls; ++call) {
        for (const bool before : {true, false}) {
            Theatre theatre(scene);
            ++cases;
            SCOPED_TRACE(fmt::format("killed {} call {}", before ? "before" : "after", call));
            ASSERT_TRUE(theatre.play({.at_call = call, .before = before}))
                << testing::PrintToString(theatre.steps());
            ASSERT_THAT(theatre.complaints(), IsEmpty()) << testing::PrintToString(theatre.steps());
            ASSERT_THAT(theatre.leftovers(), IsEmpty()) << testing::PrintToString(theatre.steps());
            ASSERT_EQ(theatre.containers().front().limits, GetParam().in_the_end)
                << testing::PrintToString(theatre.steps());
        }
    }
    RecordProperty("cases", cases);
    std::cout << GetParam().name << ": " << cases << " kills\n";
}

std::vector<Named> scenes() {
    using config::Strategy;
    std::vector<Named> all;
    for (const int cgroup : {1, 2}) {
        const auto add = [&](std::string name, Scene scene, const Limits& end) {
            scene.cgroup_version = cgroup;
            all.push_back({.name = fmt::format("{}_v{}", name, cgroup), .scene = scene, .in_the_end = end});
        };
        add("blue_green", {}, Theatre::new_limits);
        add("blue_green_fixed_name", {.fixed_name = true}, Theatre::new_limits);
        add("blue_green_three_replicas", {.replicas = 3}, Theatre::new_limits);
        add("blue_green_sick", {.green_stays_sick = true}, Theatre::old_limits);
        add("blue_green_sick_fixed_name", {.fixed_name = true, .green_stays_sick = true},
            Theatre::old_limits);
        add("blue_green_dies", {.green_dies_alone = true}, Theatre::old_limits);
        add("blue_green_drain_file", {.replicas = 2, .drain_file = true}, Theatre::new_limits);
        add("blue_green_drain_file_dies", {.green_dies_alone = true, .drain_file = true},
            Theatre::old_limits);
        add("recreate", {.strategy = Strategy::recreate}, Theatre::new_limits);
        add("recreate_fixed_name", {.strategy = Strategy::recreate, .fixed_name = true}, Theatre::new_limits);
        add("recreate_sick", {.strategy = Strategy::recreate, .green_stays_sick = true}, Theatre::old_limits);
    }
    return all;
}

INSTANTIATE_TEST_SUITE_P(Scenes, Crash, testing::ValuesIn(scenes()),
                         [](const auto& one) { return one.param.name; });

TEST(Theatre, tells_what_it_does_in_order) {
    Theatre theatre({});
    ASSERT_TRUE(theatre.play());
    const auto steps = theatre.steps();
    ASSERT_GE(steps.size(), 6U) << testing::PrintToString(steps);
    EXPECT_THAT(steps.front(), StartsWith("create the new container: shop-web-2 ("));
    EXPECT_EQ(steps.back(), "succeeded");
    EXPECT_EQ(theatre.deployment().outcome, Outcome::succeeded);
    EXPECT_EQ(theatre.containers().front().name, "shop-web-2");
}

TEST(Theatre, drains_blue_and_puts_it_back_into_the_traffic) {
    Theatre theatre({.green_dies_alone = true, .drain_file = true});
    ASSERT_TRUE(theatre.play());
    const auto steps = theatre.steps();
    EXPECT_THAT(steps, Contains("take the old container out of the traffic: /tmp/drain"));
    EXPECT_THAT(steps, Contains("put the old container back into the traffic: /tmp/drain"));
    EXPECT_EQ(theatre.deployment().outcome, Outcome::rolled_back);
    EXPECT_THAT(theatre.leftovers(), IsEmpty());
}

TEST(Theatre, says_why_it_went_back_and_what_the_new_container_said) {
    Theatre theatre({.green_stays_sick = true});
    ASSERT_TRUE(theatre.play());
    const Deployment ended = theatre.deployment();
    EXPECT_EQ(ended.outcome, Outcome::rolled_back);
    EXPECT_THAT(ended.failure, HasSubstr("shop-web-2 is unhealthy"));
    EXPECT_THAT(ended.failure, HasSubstr("not today"));
    EXPECT_THAT(theatre.steps(), Contains(StartsWith("going back: shop-web-2 is unhealthy")));
}

}  // namespace
}  // namespace rm::deploy::test
