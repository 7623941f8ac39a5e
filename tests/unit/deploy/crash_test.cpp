// SPDX-License-Identifier: Apache-2.0
// A controller that is killed before and after every call that changes something, at every point of a
// deployment that succeeds and of those that fail. The journal is written right before each of these calls,
// so that these are also the points before and after every write of it.
#include <algorithm>
#include <iterator>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/deploy/theatre.h"

namespace rm::deploy::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::StartsWith;

struct Named {
    std::string name;
    Scene scene;
    Outcome outcome;
    std::vector<Limits> in_the_end;
    // Where it matters in which moment the controller is killed.
    std::vector<std::vector<Limits>> or_else = {};
};

void PrintTo(const Named& named, std::ostream* out) {
    *out << named.name;
}

class Crash : public testing::TestWithParam<Named> {
protected:
    static void TearDownTestSuite() {
        std::cout << fmt::format("the controller was killed {} times in {} deployments of {} strategies\n",
                                 kills, deployments, strategies.size());
    }

    /// Plays it and looks at what is left.
    void try_kill(const Kill& kill) {
        Theatre theatre(GetParam().scene);
        ++kills;
        SCOPED_TRACE(fmt::format("killed {} point {}", kill.before ? "before" : "after", kill.at));
        ASSERT_TRUE(theatre.play(kill)) << testing::PrintToString(theatre.steps());
        const std::string steps = testing::PrintToString(theatre.steps());
        ASSERT_THAT(theatre.complaints(), IsEmpty()) << steps;
        ASSERT_THAT(theatre.leftovers(), IsEmpty()) << steps;
        const std::vector<Limits> limits = theatre.limits();
        if (std::ranges::find(GetParam().or_else, limits) != GetParam().or_else.end()) return;
        ASSERT_EQ(limits, GetParam().in_the_end) << steps;
        if (GetParam().or_else.empty()) {
            ASSERT_EQ(theatre.deployment().outcome, GetParam().outcome) << steps;
        }
    }

    static inline int kills = 0;
    static inline int deployments = 0;
    static inline std::set<config::Strategy> strategies;
};

TEST_P(Crash, nothing_is_lost_wherever_the_controller_is_killed) {
    Theatre undisturbed(GetParam().scene);
    ASSERT_TRUE(undisturbed.play());
    const std::string steps = testing::PrintToString(undisturbed.steps());
    EXPECT_THAT(undisturbed.complaints(), IsEmpty());
    EXPECT_THAT(undisturbed.leftovers(), IsEmpty()) << steps;
    EXPECT_EQ(undisturbed.limits(), GetParam().in_the_end) << steps;
    ASSERT_EQ(undisturbed.deployment().outcome, GetParam().outcome) << steps;
    const auto& points = undisturbed.points();
    EXPECT_GE(points.size(), 2U);
    const int before = kills;
    for (std::size_t i = 0; i < points.size() && !HasFatalFailure(); ++i) {
        const int at = static_cast<int>(i) + 1;
        if (!points[i].between) try_kill({.at = at, .before = true});
        if (!HasFatalFailure()) try_kill({.at = at, .before = false});
    }
    ++deployments;
    strategies.insert(GetParam().scene.strategy);
    RecordProperty("cases", kills - before);
    std::cout << fmt::format("{}: {} kills\n", GetParam().name, kills - before);
}

/// All scenes of one version of control groups.
class Scenes {
public:
    explicit Scenes(int cgroup) : cgroup_(cgroup) {}

    void add_all() {
        add_blue_green();
        add_recreate();
        add_raises_in_place();
        add_lowers_in_place();
        add_scripts();
    }

    std::vector<Named> all;

private:
    void add(std::string name, Scene scene, Outcome outcome) {
        const Limits& end = outcome == Outcome::rolled_back ? scene.from : scene.to;
        add(std::move(name), scene, outcome,
            std::vector<Limits>(static_cast<std::size_t>(scene.replicas), end));
    }

    void add(std::string name, Scene scene, Outcome outcome, std::vector<Limits> end,
             std::vector<std::vector<Limits>> or_else = {}) {
        scene.cgroup_version = cgroup_;
        all.push_back({.name = fmt::format("{}_v{}", name, cgroup_),
                       .scene = scene,
                       .outcome = outcome,
                       .in_the_end = std::move(end),
                       .or_else = std::move(or_else)});
    }

    void add_blue_green() {
        add("blue_green", {}, succeeded);
        add("blue_green_fixed_name", {.fixed_name = true}, succeeded);
        add("blue_green_three_replicas", {.replicas = 3}, succeeded);
        add("blue_green_sick", {.green_stays_sick = true}, rolled_back);
        add("blue_green_sick_fixed_name", {.fixed_name = true, .green_stays_sick = true}, rolled_back);
        add("blue_green_dies", {.green_dies_alone = true}, rolled_back);
        add("blue_green_drain_file", {.replicas = 2, .drain_file = true}, succeeded);
        add("blue_green_drain_file_dies", {.green_dies_alone = true, .drain_file = true}, rolled_back);
    }

    void add_recreate() {
        constexpr auto recreate = config::Strategy::recreate;
        add("recreate", {.strategy = recreate}, succeeded);
        add("recreate_fixed_name", {.strategy = recreate, .fixed_name = true}, succeeded);
        add("recreate_sick", {.strategy = recreate, .green_stays_sick = true}, rolled_back);
    }

    void add_raises_in_place() {
        constexpr auto in_place = config::Strategy::in_place;
        add("in_place_raise", {.strategy = in_place}, succeeded);
        add("in_place_raise_fixed_name", {.strategy = in_place, .fixed_name = true}, succeeded);
        add("in_place_raise_three_replicas", {.strategy = in_place, .replicas = 3}, succeeded);
        add("in_place_raise_sick", {.strategy = in_place, .green_stays_sick = true}, rolled_back);
        add("in_place_raise_sick_two_replicas",
            {.strategy = in_place, .replicas = 2, .green_stays_sick = true}, rolled_back);
        add("in_place_raise_dies", {.strategy = in_place, .dies_once = true}, rolled_back);
        add("in_place_no_way_back_for_the_first",
            {.strategy = in_place, .replicas = 2, .uses = Bytes::mebi(100), .first_full_last_ill = true},
            Outcome::failed, {plenty, little});
    }

    /// From 1 GiB, so that there are several steps.
    void add_lowers_in_place() {
        constexpr auto in_place = config::Strategy::in_place;
        constexpr Limits much{.cpu = Cores::whole(2), .memory = Bytes::mebi(1024)};
        const Scene lower{.strategy = in_place, .from = much, .to = little, .uses = Bytes::mebi(100)};
        const auto with = [&](auto member, auto value) {
            Scene scene = lower;
            scene.*member = value;
            return scene;
        };
        add("in_place_lower", lower, succeeded);
        add("in_place_lower_two_replicas", with(&Scene::replicas, 2), succeeded);
        add("in_place_lower_sick", with(&Scene::green_stays_sick, true), rolled_back);
        add("in_place_lower_dies", with(&Scene::dies_once, true), rolled_back);
        add("in_place_lower_too_full", with(&Scene::uses, Bytes::mebi(300)), rolled_back);
        // The kernel refuses under version 1 and kills under version 2.
        add("in_place_lower_fills_up_at_once", with(&Scene::fills_up_at, 1), rolled_back);
        add("in_place_lower_fills_up_later", with(&Scene::fills_up_at, 3), rolled_back);
        Scene stays_down = with(&Scene::fills_up_at, 2);
        stays_down.restart = docker::RestartPolicy::no;
        add("in_place_lower_fills_up_and_stays_down", stays_down, rolled_back);
    }

    void add_scripts() {
        using When = Script::WhenWeAreKilled;
        const auto scene = [](Script script) {
            return Scene{.strategy = config::Strategy::script, .replicas = 2, .script = script};
        };
        const std::vector<Limits> half{plenty, little};
        const std::vector<Limits> whole{plenty, plenty};
        const std::vector<Limits> none{little, little};
        add("script", scene({.replicas = 2}), succeeded);
        add("script_replaces", scene({.way = Script::Way::replaces, .replicas = 2}), succeeded);
        add("script_goes_on_without_us", scene({.replicas = 2, .when_killed = When::goes_on}), succeeded);
        add("script_dies_with_us", scene({.replicas = 2, .when_killed = When::dies}), succeeded, whole,
            {half});
        add("script_fails", scene({.replicas = 0, .exit_code = 1}), rolled_back);
        add("script_fails_half_way", scene({.replicas = 1, .exit_code = 1}), Outcome::failed, half);
        add("script_fails_at_its_end", scene({.replicas = 2, .exit_code = 1}), Outcome::failed, whole,
            {whole});
        add("script_does_nothing", scene({.replicas = 0}), rolled_back, none);
    }

    static constexpr Outcome succeeded = Outcome::succeeded;
    static constexpr Outcome rolled_back = Outcome::rolled_back;
    int cgroup_;
};

std::vector<Named> scenes() {
    std::vector<Named> all;
    for (const int cgroup : {1, 2}) {
        Scenes scenes(cgroup);
        scenes.add_all();
        std::ranges::move(scenes.all, std::back_inserter(all));
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

TEST(Theatre, every_phase_that_it_goes_through_stands_in_the_journal) {
    Theatre theatre({});
    ASSERT_TRUE(theatre.play());
    std::vector<std::string> phases;
    for (const auto& step : theatre.journal())
        if (phases.empty() || phases.back() != step.phase) phases.push_back(step.phase);
    EXPECT_THAT(phases, IsSupersetOf({"create", "health", "drain", "observe", "finish"}));
    EXPECT_EQ(std::set<std::string>(phases.begin(), phases.end()).size(), phases.size())
        << testing::PrintToString(phases);
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
